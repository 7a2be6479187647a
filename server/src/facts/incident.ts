/** A place in the code of an actor that breaks one of the rules of turns, by itself. Plain data. */
import type { FileSpan, Span } from "../source/span.ts";

export type IncidentKind =
  | "awaited-own-stop"
  | "mutation-after-send"
  | "leaked-state"
  | "late-context"
  | "escaped-context"
  | "direct-construction"
  | "unguarded-timer"
  | "floating-promise"
  | "swallowed-crash"
  | "process-exit"
  | "deaf-monitor"
  | "undelivered-exit"
  | "change-outside-turn"
  | "shared-state"
  | "shared-actor"
  | "lost-state"
  | "lost-stash"
  | "reused-timer-key"
  | "unreleased-subscription"
  | "held-resource"
  | "send-to-stopped"
  | "check-then-act"
  | "other-runtime"
  | "blocking-call"
  | "missing-reply"
  | "double-reply"
  | "dropped-reply"
  | "unsupervised-process"
  | "shell-command"
  | "option-like-argument"
  | "inherited-environment"
  | "machine-input"
  | "real-wait"
  | "test-not-stopped";

export interface Incident {
  readonly kind: IncidentKind;
  readonly span: Span;
  /** What it is about: the called function, the changed variable, the message. */
  readonly subject: string;
  /** The other place that makes it a fault. */
  readonly other?: FileSpan;
  /** For fixes: what could be changed at the place. */
  readonly edit?: { readonly span: Span; readonly newText: string };
  readonly actor: string;
}
