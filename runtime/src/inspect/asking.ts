/** Questions of a viewer: sent by nobody, answered in words that fit into a frame, given up when the viewer goes. */
import type { Cell } from "../actor/cell.ts";
import { inNobodysContext } from "../values/async-scope.ts";
import { NoReplyError } from "../values/errors.ts";
import { isInstance } from "../values/instance.ts";
import { errorParts, read, safeText } from "../values/safe-text.ts";
import { ActionRefused } from "./actions.ts";
import { payloadOf } from "./payload.ts";
import type { Answer } from "./protocol.ts";
import { ASK_LIMITS } from "./protocol-limits.ts";
import { nameText, rowText } from "./rows.ts";

/** Why a question is given up. */
type GivenUp = "late" | "left";

/** Those of one viewer. */
export class Asking {
  readonly #underWay = new Set<(why: GivenUp) => void>();

  /**
   * Asks when the event loop turns: whoever is held by a debugger meanwhile is not the sender.
   *
   * @param timeoutMs of the machine's time, which a system whose clock stands still has, too.
   * @throws {ActionRefused} as a rejection, for a supervisor.
   */
  async ask(cell: Cell, message: unknown, timeoutMs: number = ASK_LIMITS.default): Promise<Answer> {
    if (cell.isSupervisor) throw new ActionRefused("ERR_NOT_SUPPORTED", `the supervisor ${cell.id} takes no messages`);
    await inNobodysContext(() => new Promise((resolve) => setImmediate(resolve)), undefined);
    const startedMs = performance.now();
    const given = new AbortController();
    const giveUp = (why: GivenUp): void => given.abort(why);
    const timer = setTimeout(() => giveUp("late"), timeoutMs);
    timer.unref();
    this.#underWay.add(giveUp);
    const { signal } = given;
    const passed = (): number => Math.round(performance.now() - startedMs);
    try {
      // By the clock of the system it would have time without end: the limit is the one above.
      const reply: unknown = await inNobodysContext(
        () => cell.ask(message, { signal, timeoutMs: FOREVER_MS }),
        undefined,
      );
      const { value, isCut } = payloadOf(reply);
      return { outcome: "replied", ms: passed(), payload: value, ...(isCut && { isCut }) };
    } catch (error) {
      return failure(error, signal, passed());
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(giveUp);
    }
  }

  /** The viewer has gone. */
  giveUp(): void {
    for (const giveUp of [...this.#underWay]) giveUp("left");
  }
}

/** The longest that timers know. */
const FOREVER_MS = 2 ** 31 - 1;

function failure(error: unknown, signal: AbortSignal, ms: number): Answer {
  if (signal.aborted && error === signal.reason)
    return signal.reason === "late"
      ? { outcome: "timedOut", ms }
      : { outcome: "failed", ms, text: "the viewer has gone" };
  if (isInstance(error, NoReplyError)) return { outcome: "handled", ms };
  const parts = errorParts(error);
  const code = read(error, "code");
  return {
    outcome: "failed",
    ms,
    text: rowText(parts === undefined ? safeText(error) : `${parts.name}: ${parts.message}`),
    ...(typeof code === "string" && { code: nameText(code) }),
  };
}
