/** Crashes at chosen points: put around callbacks of actors by a test system. Knows nothing of scheduling. */

import { type CallbackName, surround } from "../environment/instrument.ts";
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import type { Actor } from "../values/actor.ts";
import { isList, readList } from "../values/fields.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { InjectedCrash } from "./errors.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Which callback throws instead of doing its work. */
export type CrashMoment = "start" | "message" | "signal" | "stop";

/** Where crashes are injected. */
export interface CrashPoint {
  /** Path below the root, as `whereis` takes it (`workers/w1`). Default: every actor but the root. */
  readonly actor?: string;
  /** Default `message`. */
  readonly at?: CrashMoment;
  /** Only the n-th time the point is reached, counted from 1 over all incarnations of one actor. Default: see {@link chance}. */
  readonly nth?: number;
  /** Probability of a crash each time, 0 to 1. Default 1. */
  readonly chance?: number;
  /** Crashes in all; default 1 with `nth`, else without limit. */
  readonly limit?: number;
}

const CALLBACKS: Readonly<Record<CrashMoment, CallbackName>> = {
  start: "preStart",
  message: "handleMessage",
  signal: "handleSignal",
  stop: "postStop",
};

const KEYS = ["actor", "at", "nth", "chance", "limit"];

/** One point at work: how often it was reached and has struck. */
class ArmedPoint {
  readonly actor: string | undefined;
  readonly moment: CrashMoment;
  readonly #nth: number | undefined;
  readonly #chance: number;
  readonly #random: SeededRandom;
  readonly #reached = new Map<string, number>();
  #left: number;

  constructor(point: CrashPoint, random: SeededRandom) {
    this.actor = point.actor;
    this.moment = point.at ?? "message";
    this.#nth = point.nth;
    this.#chance = point.chance ?? 1;
    this.#left = point.limit ?? (point.nth === undefined ? Number.POSITIVE_INFINITY : 1);
    this.#random = random;
  }

  stop(): void {
    this.#left = 0;
  }

  /** @throws {InjectedCrash} when it strikes. */
  reach(path: string): void {
    const count = (this.#reached.get(path) ?? 0) + 1;
    this.#reached.set(path, count);
    if (this.#left <= 0 || (this.#nth !== undefined && this.#nth !== count)) return;
    if (this.#chance < 1 && !this.#random.isHit(this.#chance)) return;
    this.#left--;
    throw new InjectedCrash(path, `at ${this.moment} ${count}`);
  }
}

/** The crashes of one run. */
export class CrashPlan {
  readonly #points: readonly ArmedPoint[];

  /** @throws {InvalidArgumentError} with every fault. */
  constructor(points: readonly CrashPoint[], random: SeededRandom) {
    const check = new ArgumentCheck("crashes");
    const list = isList(points) ? readList(points) : points;
    if (!isList(list)) check.fault(`expected a list, got ${print(points)}`).throwIfFaulty();
    const own = (list as readonly CrashPoint[]).map((point) => check.options(point, KEYS));
    for (const { actor, at = "message", nth = 1, chance = 1, limit = 1 } of own) {
      check.optionalText("actor", actor);
      if (typeof at !== "string" || !Object.hasOwn(CALLBACKS, at))
        check.fault(`at must be one of ${Object.keys(CALLBACKS).join(", ")}, got ${print(at)}`);
      check.number("nth", nth, { min: 1, isWhole: true }).number("chance", chance, { min: 0, max: 1 });
      check.number("limit", limit, { min: 1, isWhole: true, orInfinity: true });
    }
    check.throwIfFaulty();
    this.#points = own.map((point) => new ArmedPoint(point, random));
  }

  /** None of them strikes any more. */
  stop(): void {
    for (const point of this.#points) point.stop();
  }

  /** Arms the points that concern this behavior. */
  readonly instrument = (behavior: Actor<unknown>, actor: AnyActorRef): void => {
    const path = belowRoot(actor.id);
    for (const point of this.#points) {
      if (point.actor === undefined ? path === "" : point.actor !== path) continue;
      surround(behavior, CALLBACKS[point.moment], (original) => {
        return function (this: Actor<unknown>, ...args: never[]): unknown {
          point.reach(path);
          return original?.apply(this, args);
        };
      });
    }
  };
}

function belowRoot(path: string): string {
  const end = path.indexOf("/");
  return end < 0 ? "" : path.slice(end + 1);
}
