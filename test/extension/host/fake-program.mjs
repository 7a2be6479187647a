// A program that speaks the inspection protocol without the runtime: for trees no real program would have, and for mistakes
// no real runtime makes. Connects as the environment says, or is reached by a debugger.
//
//   node fake-program.mjs [--actors 10000] [--busy] [--protocol 99] [--say TEXT] [--flood] [--token TEXT]
import net from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    actors: { type: "string", default: "12" },
    busy: { type: "boolean" },
    protocol: { type: "string", default: "1" },
    say: { type: "string" },
    flood: { type: "boolean" },
    token: { type: "string", default: process.env.AIRSSYS_INSPECT_TOKEN },
  },
});

const HEALTH = { status: "up", actors: 0, supervisors: 0, throughput: 0, restarts: 0, deadLetters: 0, loopDelayMs: 0 };
const FLAGS = {
  strategy: "one_for_one",
  maxRestarts: 3,
  maxRestartPeriodMs: 5000,
  restartsInWindow: 0,
  autoShutdown: "never",
};

/** @type {Map<string, any>} */
const rows = new Map();
function add(path, order, change = {}) {
  const cut = path.lastIndexOf("/");
  rows.set(path, {
    ...{
      key: path,
      order,
      id: path.slice(cut + 1),
      path,
      kind: "actor",
      definition: "Worker",
      state: "idle",
      incarnation: 1,
    },
    ...{
      restart: "permanent",
      restarts: 0,
      mailbox: { depth: 0, capacity: 100, overflow: "reject" },
      handled: 0,
      rate: 0,
    },
    ...(cut < 0 ? {} : { parent: path.slice(0, cut) }),
    ...change,
  });
}
const supervisor = { kind: "supervisor", definition: "supervisor", supervisor: FLAGS };
add("fake", 0, supervisor);
add("fake/pool", 0, { ...supervisor, supervisor: { ...FLAGS, strategy: "simple_one_for_one" } });
add("fake/ledger", 1, { definition: "Ledger", name: "ledger" });
for (let n = 0; n < Number(values.actors) - 3; n++) add(`fake/pool/worker-${n}`, n);

let seq = 0;
let timer;
let send = (_text) => {};
const systems = () => [
  {
    id: "fake",
    name: "fake",
    root: "fake",
    health: { ...HEALTH, actors: rows.size, supervisors: 2, throughput: 10, timestamp: Date.now() },
  },
];
const push = (frame) => send(JSON.stringify(frame));
const snapshot = () => ({
  type: "snapshot",
  seq: ++seq,
  at: Date.now(),
  systems: systems(),
  actors: [...rows.values()],
});
const delta = (changed, events = []) => ({
  type: "delta",
  seq: ++seq,
  at: Date.now(),
  systems: systems(),
  changed,
  removed: [],
  events,
});

function change(key, changes) {
  const row = { ...rows.get(key), ...changes };
  rows.set(key, row);
  return row;
}

/** Every worker changes, four times a second. */
function work() {
  push(
    delta(
      [...rows.values()]
        .filter(({ kind }) => kind === "actor")
        .map(({ key }) =>
          change(key, { handled: seq, rate: seq % 50, mailbox: { depth: seq % 7, capacity: 100, overflow: "reject" } }),
        ),
    ),
  );
}

function crash(key) {
  const row = rows.get(key);
  const info = { at: Date.now(), incarnation: row.incarnation, where: "receive", text: "Error: killed by hand" };
  const event = { kind: "crashed", at: Date.now(), key, path: key, crash: info };
  push(
    delta([change(key, { incarnation: row.incarnation + 1, restarts: row.restarts + 1, lastCrash: info })], [event]),
  );
}

function answer(frame) {
  const reply = { type: "reply", id: frame.id, ok: true };
  switch (frame.type) {
    case "welcome":
    case "error":
      return undefined;
    case "subscribe":
      clearInterval(timer);
      if (values.busy) timer = setInterval(work, frame.intervalMs);
      push(snapshot());
      return reply;
    case "snapshot":
      return { ...reply, value: { systems: systems(), actors: [...rows.values()] } };
    case "kill":
    case "restart":
      crash(frame.key);
      return reply;
    case "suspend":
    case "resume":
      push(delta([change(frame.key, { state: frame.type === "suspend" ? "suspended" : "idle" })]));
      return reply;
    case "stop":
      push(delta([change(frame.key, { state: "stopped" })]));
      return reply;
    case "locate":
      return { ...reply, value: { file: import.meta.filename, line: 1, column: 1 } };
    default:
      return { type: "reply", id: frame.id, ok: false, code: "ERR_NOT_SUPPORTED", message: `no "${frame.type}" here` };
  }
}

const hello = () => ({
  ...{
    type: "hello",
    protocol: Number(values.protocol),
    runtime: "0.0.0-fake",
    pid: process.pid,
    node: process.version,
  },
  ...{ program: process.argv[1], token: values.token },
  capabilities: ["tree", "counts", "locate", "kill", "restart", "stop", "suspend", "resume"],
});

function attach({ binding }) {
  send = (text) => globalThis[binding](text);
  push(hello());
}

globalThis[Symbol.for("airssys.inspect")] = {
  protocol: 1,
  attach,
  receive: (text) => JSON.stringify(answer(JSON.parse(text)) ?? "").replace(/^""$/, ""),
};
const boot = globalThis[Symbol.for("airssys.inspect.boot")];
if (boot) attach(boot);
else if (process.env.AIRSSYS_INSPECT) connect(process.env.AIRSSYS_INSPECT);
const alive = setInterval(() => {}, 1000);

function connect(endpoint) {
  const socket = net.connect(endpoint);
  let rest = "";
  send = (text) => socket.write(`${text}\n`);
  if (values.flood) socket.write("x".repeat(9 * 1024 * 1024));
  else if (values.say) send(values.say);
  else push(hello());
  socket.on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const reply = answer(JSON.parse(line));
      if (reply) push(reply);
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => clearInterval(alive) ?? clearInterval(timer));
}
