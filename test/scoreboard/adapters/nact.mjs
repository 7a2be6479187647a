/** nact: `onCrash` of an actor says whether it is reset, resumed, stopped or escalated. */
import nact from "nact";

const later = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));

function handle(state = { count: 0 }, message, _context) {
  if (message.type === "crash") throw new Error("told to crash");
  if (message.type === "count") nact.dispatch(message.reply, state.count);
  return message.type === "add" ? { count: state.count + 1 } : state;
}

const reset = { onCrash: (_message, _error, context) => context.reset };
const count = (ref) => nact.query(ref, (reply) => ({ type: "count", reply }), 200);
const isGone = (ref) =>
  count(ref).then(
    () => false,
    () => true,
  );

async function withSystem(use) {
  const system = nact.start();
  try {
    return await use(system);
  } finally {
    nact.stop(system);
  }
}

const spawn = (parent, id, options = reset) =>
  nact.spawn(parent, handle, id, { initialState: { count: 0 }, ...options });

/** What is not here it does not have. */
export const conformance = {
  permanent_abnormal: () =>
    withSystem(async (system) => {
      const a = spawn(system, "a");
      for (const type of ["add", "crash"]) nact.dispatch(a, { type });
      await later();
      return (await count(a)) === 0;
    }),
  temporary_abnormal: () =>
    withSystem(async (system) => {
      const [a, b] = [spawn(system, "a"), spawn(system, "b", { onCrash: (_m, _e, context) => context.stop })];
      nact.dispatch(b, { type: "crash" });
      await later();
      return (await isGone(b)) && (await count(a)) === 0;
    }),
  one_for_one: () =>
    withSystem(async (system) => {
      const [a, b] = [spawn(system, "a"), spawn(system, "b")];
      for (const ref of [a, b]) nact.dispatch(ref, { type: "add" });
      nact.dispatch(b, { type: "crash" });
      await later();
      return (await count(a)) === 1 && (await count(b)) === 0;
    }),
  one_for_all: () =>
    withSystem(async (system) => {
      const parent = spawn(system, "parent", { onCrash: (_m, _e, context) => context.resetAllChildren });
      const escalate = { onCrash: (_m, _e, context) => context.escalate };
      const [a, b] = [spawn(parent, "a", escalate), spawn(parent, "b", escalate)];
      for (const ref of [a, b]) nact.dispatch(ref, { type: "add" });
      nact.dispatch(b, { type: "crash" });
      await later();
      return (await count(a)) === 0 && (await count(b)) === 0;
    }),
  queued_messages: () =>
    withSystem(async (system) => {
      const a = spawn(system, "a");
      for (const type of ["crash", "add", "add"]) nact.dispatch(a, { type });
      return (await count(a)) === 2;
    }),
  call: () =>
    withSystem(async (system) => {
      const a = spawn(system, "a");
      const start = performance.now();
      const error = await nact.query(a, (reply) => ({ type: "crash", reply }), 1_000).catch((cause) => cause);
      return error instanceof Error && performance.now() - start < 100;
    }),
  children_end_before: () =>
    withSystem(async (system) => {
      const parent = spawn(system, "parent");
      const a = spawn(parent, "a");
      nact.stop(parent);
      await later();
      return isGone(a);
    }),
  names_are_free: () =>
    withSystem(async (system) => {
      const first = spawn(system, "held");
      nact.stop(first);
      await later();
      return (await count(spawn(system, "held"))) === 0;
    }),
};
