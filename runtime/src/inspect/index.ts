/** The door `airssys-rt/inspect`: what programs and viewers say to each other. */

export * from "./actor-row.ts";
export * from "./details-protocol.ts";
export * from "./inspect-event.ts";
export * from "./message-protocol.ts";
export { pathMatcher } from "./path-pattern.ts";
export * from "./process-row.ts";
export * from "./profile-protocol.ts";
export * from "./protocol.ts";
export * from "./protocol-limits.ts";
export type { RecordFrame } from "./record-frame.ts";
export { ENV_REPLAY } from "./replays.ts";
export * from "./sequence-diagram.ts";
export * from "./source-location.ts";
export * from "./stop-protocol.ts";
export { RUNTIME_VERSION } from "./version.ts";
export * from "./watch-protocol.ts";
