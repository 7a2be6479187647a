/** fast-check: its scheduler orders promises, not actors; the programs are plain asynchronous functions, as its documentation has them. */
import fc from "fast-check";

/** Each call waits for its turn: `scheduleFunction` would do its work at once, and only answer later. */
const scheduled = (s, functions) => {
  const turns = Object.entries(functions).map(([name, call]) => {
    const inTurn = async (...args) => {
      await s.schedule(Promise.resolve(), name);
      return call(...args);
    };
    return [name, inTurn];
  });
  return Object.fromEntries(turns);
};

/** What is not here cannot be said without actors that are busy while they wait. */
const programs = {
  async lostUpdate(s) {
    let stored = 0;
    const { get, set } = scheduled(s, {
      get: async () => stored,
      set: async (value) => {
        stored = value;
      },
    });
    const add = async () => set((await get()) + 1);
    const both = Promise.all([add(), add()]);
    await s.waitFor(both);
    return stored === 2;
  },
  async jobBeforeConfig(s) {
    let isConfigured = false;
    let isGood = false;
    const { relay, job, config } = scheduled(s, {
      relay: async () => {},
      job: async () => {
        isGood = isConfigured;
      },
      config: async () => {
        isConfigured = true;
      },
    });
    const send = async () => {
      await relay();
      await relay();
      await job();
    };
    await s.waitFor(Promise.all([config(), send()]));
    return isGood;
  },
  async staleCache(s) {
    let [stored, cached] = ["old", undefined];
    const { read, write, fill, relay, invalidate } = scheduled(s, {
      read: async () => stored,
      write: async () => {
        stored = "new";
      },
      fill: async (value) => {
        cached = value;
      },
      relay: async () => {},
      invalidate: async () => {
        cached = undefined;
      },
    });
    const load = async () => fill(await read());
    const change = async () => {
      await write();
      await relay();
      await invalidate();
    };
    await s.waitFor(Promise.all([load(), change()]));
    return cached === undefined || cached === stored;
  },
  async expiredLease(s) {
    let [isHeld, open, most] = [false, 0, 0];
    const { acquire, free, file } = scheduled(s, {
      acquire: async () => {
        const isGranted = !isHeld;
        isHeld = true;
        return isGranted;
      },
      free: async () => {
        isHeld = false;
      },
      file: async (change) => {
        open += change;
        most = Math.max(most, open);
      },
    });
    const work = async () => {
      if (!(await acquire())) return;
      await file(1);
      await file(-1);
      await free();
    };
    await s.waitFor(Promise.all([work(), work(), free()]));
    return most < 2;
  },
};

/** As it is by default: a failure is shrunk. */
export async function search(name, seed, mostRuns) {
  if (programs[name] === undefined) return undefined;
  const property = fc.asyncProperty(fc.scheduler(), programs[name]);
  const { failed, numRuns } = await fc.check(property, { numRuns: mostRuns, seed });
  return { isFound: failed, runs: numRuns, named: "" };
}
