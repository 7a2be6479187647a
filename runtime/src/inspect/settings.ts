/** What an actor lives under, and who said so: the defaults, a template, a spec, or whoever spawned it. */
import type { Cell } from "../actor/cell.ts";
import { UNBOUNDED } from "../actor/mailbox.ts";
import { resolveBackoff } from "../spec/backoff.ts";
import type { AnyChildSpec } from "../spec/child-spec.ts";
import { SupervisedChild } from "../supervision/supervised-child.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import type { SettingDetails, SettingOrigin } from "./details-protocol.ts";
import { nameText } from "./rows.ts";

/**
 * | actor | settings |
 * |---|---|
 * | any | mailbox, overflow, shutdown, name if it has one |
 * | a child of a supervisor | restart, significant, back-off if it has one, start timeout, too |
 * | a supervisor | strategy, restarts, period, auto-shutdown, too |
 */
export function settingsOf(cell: Cell): readonly SettingDetails[] {
  return [...ownSettings(cell), ...supervisorSettings(cell)];
}

function ownSettings(cell: Cell): SettingDetails[] {
  const { spec, mailboxCapacity: capacity, overflow } = cell;
  const said = saidOf(cell);
  const one = (name: string, text: string, isSaid: boolean): SettingDetails => ({
    name,
    text: nameText(text),
    origin: isSaid ? said.by : "default",
  });
  const settings = [
    one(
      "mailbox",
      capacity < UNBOUNDED ? String(capacity) : "unbounded",
      spec.mailbox?.capacity !== undefined && said.has("mailbox"),
    ),
    one("overflow", overflow, spec.mailbox?.overflow !== undefined && said.has("mailbox")),
    one("shutdown", msText(spec.shutdown), said.has("shutdown")),
  ];
  if (spec.name !== undefined) settings.push(one("name", spec.name, true));
  if (!(spec instanceof SupervisedChild)) return settings;
  const { restart, significant, backoff, startTimeoutMs } = spec.policy;
  settings.unshift(one("restart", restart, said.has("restart")));
  settings.push(
    one("significant", String(significant), said.has("significant")),
    one("startTimeoutMs", msText(startTimeoutMs), said.has("startTimeoutMs")),
  );
  if (backoff !== undefined) {
    const { minMs, maxMs, factor } = resolveBackoff(backoff);
    settings.push(one("backoff", `${minMs} ms to ${maxMs} ms, each ${factor} times the one before`, true));
  }
  return settings;
}

interface Said {
  readonly by: SettingOrigin;
  has(name: string): boolean;
}

function saidOf({ spec, parent }: Cell): Said {
  if (!(spec instanceof SupervisedChild)) return { by: "spawn", has: (name) => name === "mailbox" };
  const { isInstance, said } = spec.policy;
  if (!isInstance) return { by: "spec", has: (name) => said.split(",").includes(name) };
  const above = (parent as Cell | undefined)?.behavior;
  const template: AnyChildSpec | undefined = above instanceof Supervisor ? above.said.children?.[0] : undefined;
  return { by: "template", has: (name) => template?.[name as keyof AnyChildSpec] !== undefined };
}

function supervisorSettings({ behavior }: Cell): SettingDetails[] {
  if (!(behavior instanceof Supervisor)) return [];
  const { said, status } = behavior;
  const one = (name: "strategy" | "maxRestarts" | "autoShutdown", text: string): SettingDetails => ({
    name,
    text,
    origin: said[name] === undefined ? "default" : "spec",
  });
  return [
    one("strategy", status.strategy),
    one("maxRestarts", String(status.maxRestarts)),
    {
      name: "maxRestartPeriodMs",
      text: msText(status.maxRestartPeriodMs),
      origin: said.maxRestartPeriodMs === undefined ? "default" : "spec",
    },
    one("autoShutdown", status.autoShutdown),
  ];
}

function msText(value: number | string): string {
  return typeof value === "number" ? `${value} ms` : value;
}
