/** The door `airssys-rt/testing`: time for tests of programs made of actors. */
export { type PendingTimer, VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
