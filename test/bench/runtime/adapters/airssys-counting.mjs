/** Our runtime while somebody counts its events: what `system.subscribe` costs. */
import { makeAirssys } from "./airssys.mjs";

export default async () => {
  const counts = new Map();
  return makeAirssys((system) =>
    system.subscribe(({ type }) => {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }),
  );
};
