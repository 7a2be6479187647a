/** The door `airssys-rt/inspect`: what programs and viewers say to each other. */

export * from "./protocol.ts";
export { RUNTIME_VERSION } from "./version.ts";
