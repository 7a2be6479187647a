/** How a row of the Supervision view looks and sounds. Pure: names of icons and colors, no editor. */
import type { StaticNode } from "airssys-language-server/protocol";
import type { ActorRow, ActorState } from "airssys-rt/inspect";
import { isCrashed, isCrowded, type Severity, severityOf, waitsLong } from "../programs/health.ts";
import type { Trouble } from "../programs/model.ts";
import type { ActorNode, Node, Presentation, ProgramNode, RangeNode } from "../programs/node.ts";
import { count } from "../text.ts";
import { brief, spoken, troubleBelow } from "./words.ts";

type Icon = Presentation["icon"];

/** Supervisors with at most this many children are shown open at first. */
const OPEN_AT_MOST = 25;

/** States an actor goes through all the time. */
const CALM: ReadonlySet<ActorState> = new Set(["idle", "ready", "busy", "waiting"]);

const ENDED: Presentation = {
  label: "ended",
  description: "",
  icon: { id: "circle-slash" },
  spoken: "ended",
  context: "",
  expands: "never",
  alert: "ended",
};

const RED: string = "list.errorForeground";
const YELLOW: string = "list.warningForeground";

const STATE_ICONS: { readonly [S in ActorState]: Icon } = {
  starting: { id: "rocket", color: "charts.blue" },
  idle: { id: "circle-outline", color: "charts.green" },
  ready: { id: "circle-filled", color: "charts.blue" },
  busy: { id: "play-circle", color: "charts.green" },
  waiting: { id: "watch", color: "charts.blue" },
  suspended: { id: "debug-pause", color: YELLOW },
  restarting: { id: "debug-restart", color: RED },
  stopping: { id: "debug-stop", color: YELLOW },
  stopped: { id: "circle-slash", color: "disabledForeground" },
};

export function present(node: Node): Presentation {
  switch (node.kind) {
    case "program":
      return presentProgram(node);
    case "actor":
      return presentActor(node);
    case "range":
      return presentRange(node);
    case "source":
      return presentSource(node.source);
  }
}

function presentProgram({ program }: ProgramNode): Presentation {
  const isEmpty = program.tree.systems.length === 0;
  return {
    label: program.title,
    description: isEmpty ? `${program.detail} · no actor system yet` : program.detail,
    icon: { id: "server-process" },
    spoken: `program ${program.title}, ${program.detail}`,
    context: "program",
    expands: isEmpty ? "never" : "open",
    alert: program.detail,
  };
}

function presentActor({ program, key }: ActorNode): Presentation {
  const row = program.tree.row(key);
  if (!row) return ENDED;
  const trouble = program.tree.trouble(key);
  const children = program.tree.children(key).length;
  const isTop = row.parent === undefined;
  const below = without(trouble, severityOf(row));
  const context = [isTop ? "system" : row.kind, "live", ...actionsOn(row, program)].join(" ");
  return {
    label: row.id,
    description: brief(row, below),
    icon: iconOf(row, trouble.down > 0 ? 2 : trouble.warned > 0 ? 1 : 0),
    spoken: isTop ? `system ${spoken(row, below)}` : spoken(row, below),
    context,
    expands: children === 0 ? "never" : children <= OPEN_AT_MOST ? "open" : "closed",
    alert: `${context} ${row.restarts} ${trouble.warned} ${trouble.down} ${CALM.has(row.state) ? "" : row.state}`,
  };
}

function without({ warned, down }: Trouble, own: Severity): Trouble {
  return { warned: own === 1 ? warned - 1 : warned, down: own === 2 ? down - 1 : down };
}

/** Its own trouble shows as what it is; that of the actors below it as a warning or an error. */
function iconOf(row: ActorRow, worst: Severity): Icon {
  if (isCrashed(row)) return { id: "error", color: RED };
  if (row.kind === "supervisor" && row.state !== "restarting") {
    if (worst === 2) return { id: "error", color: RED };
    if (worst === 1) return { id: "warning", color: YELLOW };
    if (row.state === "idle" || row.state === "ready" || row.state === "busy")
      return { id: "type-hierarchy", color: "charts.green" };
  }
  if (severityOf(row) === 1 && (isCrowded(row) || waitsLong(row))) return { id: "warning", color: YELLOW };
  return STATE_ICONS[row.state];
}

function actionsOn(row: ActorRow, program: ActorNode["program"]): string[] {
  const isDown = row.state === "stopped";
  const isTop = row.parent === undefined;
  return [
    !isDown && !isTop && program.can("kill") ? "canKill" : "",
    !isTop && row.restart !== undefined && program.can("restart") ? "canRestart" : "",
    !isDown && program.can("stop") ? "canStop" : "",
    !isDown && row.kind === "actor" && row.state !== "suspended" && program.can("suspend") ? "canSuspend" : "",
    row.state === "suspended" && program.can("resume") ? "canResume" : "",
    !isDown && row.kind === "actor" && program.can("send") ? "canSend" : "",
  ].filter((word) => word !== "");
}

function presentRange({ program, key, from, to, isRest }: RangeNode): Presentation {
  const keys = program.tree.children(key).slice(from, to);
  const down = keys.filter((each) => program.tree.trouble(each).down > 0).length;
  const warned = keys.filter((each) => program.tree.trouble(each).warned > 0).length;
  const label = isRest ? `… ${(to - from).toLocaleString("en-US")} more` : `${from + 1} – ${to}`;
  const trouble = troubleBelow({ warned, down });
  return {
    label,
    description: trouble ?? "",
    icon: down > 0 ? { id: "error", color: RED } : warned > 0 ? { id: "warning", color: YELLOW } : { id: "ellipsis" },
    spoken: `${isRest ? `${count(to - from, "more actor")}` : `actors ${from + 1} to ${to}`}${trouble ? `, ${trouble}` : ""}`,
    context: "range",
    expands: "closed",
    alert: `${label} ${warned} ${down}`,
  };
}

function presentSource(source: StaticNode): Presentation {
  const label = source.id ?? source.definition ?? "(unknown)";
  const words = [
    source.id === undefined ? undefined : source.definition,
    source.strategy,
    source.restart,
    source.unknown,
  ];
  const isSupervisor = source.kind === "supervisor";
  return {
    label,
    description: words.filter((word) => word !== undefined && word !== label).join(" · "),
    icon: { id: source.kind === "unknown" ? "question" : isSupervisor ? "type-hierarchy" : "circle-outline" },
    spoken: [`${label} ${source.kind}`, "not running", source.strategy?.replaceAll("_", " "), source.unknown]
      .filter((word) => word !== undefined)
      .join(", "),
    context: `source ${source.kind}`,
    expands: source.children.length === 0 ? "never" : "open",
    alert: label,
  };
}
