/** Runs the media desk until it is told to stop. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { ActorSystem, describeExit } from "airssys-rt";
import { contextsFor } from "./contexts.ts";
import { mediaDesk } from "./desk.ts";

const { MEDIA_DESK_PORT, MEDIA_DESK_UPLOADS } = process.env;
const port = Number(MEDIA_DESK_PORT || 4_200);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`MEDIA_DESK_PORT must be a port from 0 to 65535, got "${MEDIA_DESK_PORT}"`);
  process.exit(2);
}
const uploads = path.resolve(MEDIA_DESK_UPLOADS || path.join(import.meta.dirname, "../var/uploads"));
mkdirSync(uploads, { recursive: true });

using contexts = contextsFor(uploads);
const system = await ActorSystem.start({
  name: "media-desk",
  root: mediaDesk({
    port,
    contexts,
    limits: { timeoutMs: 2_000, maxOutputBytes: 33_554_432 },
    onOpen: (url) => console.log(`the media desk is open at ${url}`),
  }),
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void system.stop());
console.log(`the media desk is closed (${describeExit(await system.whenStopped)})`);
