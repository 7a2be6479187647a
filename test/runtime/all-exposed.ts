// Preloaded: in every system of this process a debugger would stop at crashes.
import type { observeSystems } from "../../runtime/src/health/systems.ts";

/** The runtime as the suites load it, built. */
const { href } = new URL("health/systems.js", import.meta.resolve("airssys-rt"));
const built = (await import(href)) as { readonly observeSystems: typeof observeSystems };

built.observeSystems((system, isRunning) => {
  if (isRunning) system.env.stopsAtCrash = true;
});
