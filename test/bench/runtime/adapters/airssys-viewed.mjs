/** Our runtime while a viewer looks, as the Supervision view does: a frame every 250 ms with what has changed. */
import { makeAirssys } from "./airssys.mjs";

export default async () => {
  globalThis.toViewer = () => {};
  return makeAirssys(() => {
    const hook = globalThis[Symbol.for("airssys.inspect")];
    hook.attach({ binding: "toViewer" });
    hook.receive(JSON.stringify({ type: "subscribe", id: 1, intervalMs: 250 }));
  });
};
