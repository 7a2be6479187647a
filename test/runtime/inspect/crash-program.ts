// A program to be debugged: one actor for each way to crash. Begins when it is told to, and says what has crashed.
import {
  Actor,
  type ActorContext,
  ActorSystem,
  defineActor,
  type ExitReason,
  type Signal,
  supervisor,
} from "../../../runtime/src/index.ts";
import { TestSystem } from "../../../runtime/src/testing/index.ts";

interface Go {
  readonly type: "go";
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function boom(name: string): never {
  throw new RangeError(name);
}

class Plain extends Actor<Go> {
  protected readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
  override handleMessage(_message: Go, _context: ActorContext<Go>): void | Promise<void> {}
}

class Sync extends Plain {
  override handleMessage(): void {
    boom(this.name);
  }
}

class Early extends Plain {
  override async handleMessage(): Promise<void> {
    boom(this.name);
  }
}

class Late extends Plain {
  override async handleMessage(): Promise<void> {
    await pause();
    boom(this.name);
  }
}

class Caught extends Plain {
  override async handleMessage(): Promise<void> {
    try {
      boom("never to be seen: sync");
    } catch {}
    try {
      await pause();
      boom("never to be seen: async");
    } catch {}
    await this.#fails().catch(() => {});
  }
  async #fails(): Promise<void> {
    await pause();
    boom("never to be seen: caught later");
  }
}

class Signalled extends Plain {
  override preStart(context: ActorContext<Go, never>): void {
    context.trapExit(true);
    context.spawn(() => new Stopping("inner"));
  }
  override handleSignal(_signal: Signal): void {
    boom(this.name);
  }
}

class Stopping extends Plain {
  override preStart(context: ActorContext<Go, never>): void {
    context.stop();
  }
}

class Parting extends Plain {
  override handleMessage(_message: Go, context: ActorContext<Go>): void {
    context.stop();
  }
  override postStop(_context: ActorContext<Go, never>, _reason: ExitReason): void {
    boom(this.name);
  }
}

class PartingLate extends Plain {
  override handleMessage(_message: Go, context: ActorContext<Go>): void {
    context.stop();
  }
  override async postStop(): Promise<void> {
    await pause();
    boom(this.name);
  }
}

class Piping extends Plain {
  override handleMessage(_message: Go, context: ActorContext<Go>): void {
    context.pipeToSelf(pause(), () => boom(this.name));
  }
}

class Timed extends Plain {
  #count = 0;
  override handleMessage(message: Go, context: ActorContext<Go>): void {
    if (this.#count++ > 0) boom(this.name);
    context.timers.startOnce("again", message, 1);
  }
}

class Stray extends Plain {
  override async handleMessage(): Promise<void> {
    void this.#fails();
    await pause();
  }
  async #fails(): Promise<void> {
    await pause();
    boom(this.name);
  }
}

class PreStart extends Plain {
  override preStart(): void {
    boom(this.name);
  }
}

class PreStartLate extends Plain {
  override async preStart(): Promise<void> {
    await pause();
    boom(this.name);
  }
}

const functional = defineActor<Go, number>({
  name: "functional",
  init: () => 0,
  handlers: { go: () => boom("functional sync") },
});
const functionalLate = defineActor<Go, number>({
  name: "functionalLate",
  init: () => 0,
  handlers: {
    go: async () => {
      await pause();
      return boom("functional late");
    },
  },
});
const functionalEarly = defineActor<Go, number>({
  name: "functionalEarly",
  init: () => 0,
  handlers: { go: async () => boom("functional early") },
});
const functionalInit = defineActor<Go, number>({ init: () => boom("functional init"), handlers: { go: () => 0 } });
const functionalPostStop = defineActor<Go, number>({
  init: () => 0,
  handlers: { go: (_state, _message, context) => context.stop() },
  postStop: () => boom("functional postStop"),
});
const functionalSignal = defineActor<Go, number>({
  init: (context) => {
    context.trapExit(true);
    context.spawn(() => new Stopping("inner"));
    return 0;
  },
  handlers: { go: () => 0 },
  onSignal: () => boom("functional signal"),
});

const starts = {
  sync: () => new Sync("sync"),
  early: () => new Early("early"),
  late: () => new Late("late"),
  caught: () => new Caught("caught"),
  signalled: () => new Signalled("signal"),
  parting: () => new Parting("postStop"),
  partingLate: () => new PartingLate("postStop late"),
  piping: () => new Piping("pipeToSelf"),
  timed: () => new Timed("timer"),
  stray: () => new Stray("stray"),
  preStart: () => new PreStart("preStart"),
  preStartLate: () => new PreStartLate("preStart late"),
  init: (): Plain => boom("init"),
  initLate: async (): Promise<Plain> => {
    await pause();
    return boom("init late");
  },
  functional,
  functionalLate,
  functionalEarly,
  functionalInit,
  functionalPostStop,
  functionalSignal,
};

/** Children of a supervisor are started by it, and again. */
const nursery = supervisor({
  name: "nursery",
  maxRestarts: 100,
  children: [{ id: "child", start: () => new Sync("child") }],
});

async function begin(): Promise<void> {
  const root = supervisor({ maxRestarts: 1_000, children: [{ id: "nursery", start: nursery }] });
  const isSeeded = process.argv[2] === "seeded";
  const test = isSeeded ? await TestSystem.start({ name: "crashes", root, seed: 3 }) : undefined;
  const system = test?.system ?? (await ActorSystem.start({ name: "crashes", root, logger: false, watchdog: {} }));
  system.subscribe((event) => {
    if (event.type === "crashed") console.log(`crashed ${(event.reason.cause as Error).message}`);
  });
  const rest = async (): Promise<void> => {
    if (test !== undefined) await test.advance(10);
    for (let turn = 0; turn < 10; turn++) await pause();
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await new Promise<void>((resolve) => {
    Object.assign(globalThis, { begin: resolve });
    console.log("ready");
    setTimeout(resolve, 20_000).unref();
  });
  system.whereis<Go>("nursery/child")?.tell({ type: "go" });
  await rest();
  for (const [id, start] of Object.entries(starts)) {
    const ref = system.spawn<Go>(start as () => Plain, { id });
    ref.tell({ type: "go" });
    await rest();
  }
  console.log("done");
  await system.stop();
}

const stayAlive = setInterval(() => {}, 1_000);
await begin().finally(() => clearInterval(stayAlive));
process.exit(0);
