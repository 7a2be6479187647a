import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { ActorStoppedError, type Crash, crashed } from "airssys-rt";
import { Stage, settle, stageWith, test, testOnce } from "../otp/fixtures.ts";
import { actor, type Word, word } from "./actors.ts";

/** The crashes so far: who, in which callback, for what. */
function crashes(stage: Stage): string[] {
  return stage
    .eventsOf("crashed")
    .map(({ actor: crasher, reason }) => `${crasher.id} ${reason.where}: ${(reason.cause as Error).message}`);
}

test("An exception or a rejection in a callback ends that actor with the reason crashed, and nobody else.", async (t) => {
  const stage = await Stage.open(t);
  const fail = (what: string) => (): never => {
    throw new Error(what);
  };
  const other = stage.system.spawn(actor<Word>(() => undefined));
  stage.system.spawn(
    actor<Word>(() => undefined, { preStart: fail("in preStart") }),
    { id: "a" },
  );
  stage.system.spawn(actor<Word>(fail("in a handler")), { id: "b" }).tell(word("go"));
  stage.system
    .spawn(
      actor<Word>(async () => fail("in a promise")()),
      { id: "c" },
    )
    .tell(word("go"));
  const watching = actor<Word>(() => undefined, {
    preStart: (context) => void context.monitor(other),
    handleSignal: fail("in a signal"),
  });
  stage.system.spawn(watching, { id: "d" });
  await settle();
  await stage.kill(other);

  assert.deepEqual(crashes(stage).sort(), [
    "test/a init: in preStart",
    "test/b receive: in a handler",
    "test/c receive: in a promise",
    "test/d signal: in a signal",
  ]);
  assert.equal(stage.system.root.isAlive, true);
});

test("A sender never sees the exception of the actor it sends to; one that asked is told with ActorStoppedError, whose cause is the exception.", async (t) => {
  const stage = await Stage.open(t);
  const cause = new Error("crash");
  const ref = stage.system.spawn<import("airssys-rt").Ask<Word, void>>(
    actor(() => {
      throw cause;
    }),
  );

  const error = await ref.ask(word("go")).catch((e) => e);

  assert.ok(error instanceof ActorStoppedError);
  assert.equal((error.reason as Crash).cause, cause);
  assert.equal(error.cause, cause);
});

test("A crash is an event that says where, on which message, and in which incarnation.", async (t) => {
  const start = actor<Word>(() => {
    throw new Error("crash");
  });
  const stage = await stageWith(t, { children: [{ id: "child", start }] });
  stage.child("child").tell(word("poison") as never);
  await settle();

  const [event] = stage.eventsOf("crashed");
  assert.deepEqual(
    [event?.actor, event?.incarnation, event?.reason.where, event?.envelope?.message],
    [stage.child("child"), 1, "receive", word("poison")],
  );
});

test("An actor that exits with a crash of its own is reported like one that threw.", async (t) => {
  const stage = await Stage.open(t);
  stage.system
    .spawn(
      actor<Word>((_, context) => context.exit(crashed(new Error("enough")))),
      { id: "a" },
    )
    .tell(word("go"));
  await settle();

  assert.deepEqual(crashes(stage), ["test/a exit: enough"]);
});

test("A listener of events or a logger that throws or rejects disturbs neither actors nor other listeners.", async (t) => {
  const stage = await Stage.open(t);
  const heard: string[] = [];
  stage.system.subscribe(() => {
    throw new Error("listener");
  });
  stage.system.subscribe((async () => {
    throw new Error("asynchronous listener");
  }) as () => void);
  stage.system.subscribe(({ type }) => void heard.push(type));

  const ref = stage.system.spawn(actor<Word>((_, context) => context.stop()));
  ref.tell(word("go"));
  await settle();

  assert.deepEqual(heard, ["started", "ended"]);
});

/** What a program of this folder prints. */
async function printed(name: string, ...args: string[]): Promise<string[]> {
  const program = path.join(import.meta.dirname, name);
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]);
  return JSON.parse(stdout) as string[];
}

const strayPromises = (...args: string[]): Promise<string[]> => printed("stray-promises.ts", ...args);
const unheardFailures = (): Promise<string[]> => printed("unheard-failures.ts");

testOnce(
  "The first rejection of a synchronous handler that nobody handles is reported without a culprit, and so are others of the same moment; from then on each ends the actor that left it, or is reported if that has ended or ends anyway.",
  async () => {
    assert.deepEqual((await strayPromises()).slice(0, 6), [
      "lost nobody's: Error: stray of test/bystander",
      "lost nobody's: Error: stray of test/twin",
      "test/second crashed in rejection: Error: stray of test/second",
      "test/third crashed in rejection: Error: stray of test/third",
      "test/killed killed",
      "lost test/killed: Error: stray of test/killed",
    ]);
  },
);

testOnce(
  "Other listeners for unhandled rejections, and other copies of this package in the process, change nothing of whose promise it was.",
  async () => {
    const alone = await strayPromises();
    const folder = mkdtempSync(path.join(tmpdir(), "airssys-copy-"));
    try {
      for (const part of ["dist", "package.json"])
        cpSync(path.join(import.meta.dirname, "../../../runtime", part), path.join(folder, part), { recursive: true });
      const beside = await strayPromises("copy", pathToFileURL(path.join(folder, "dist/index.js")).href);

      assert.deepEqual(await strayPromises("listener"), alone);
      assert.deepEqual(beside, [
        ...alone,
        "copy",
        "lost nobody's: Error: stray of copy/first",
        "copy/second crashed in rejection: Error: stray of copy/second",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

testOnce(
  "A rejection that a preStart leaves behind ends the actor that started, not the one that started it.",
  async () => {
    const started = (await strayPromises()).filter((line) => line.includes("started"));

    assert.deepEqual(started, ["test/started crashed in rejection: Error: left behind by preStart"]);
    assert.ok((await strayPromises()).includes("test/child crashed in rejection: Error: left behind by preStart"));
  },
);

testOnce(
  "An ask or a tellAsync that fails, and whose promise nobody handles, ends the actor that sent it, or is reported if that has ended or ends anyway.",
  async () => {
    const events = await unheardFailures();
    const failed = events.slice(0, events.indexOf("stop"));

    assert.deepEqual(failed, [
      "test/asks crashed in rejection: AskTimeoutError [ERR_ASK_TIMEOUT]: no reply from test/mute within 10 ms",
      "test/full killed",
      "test/tells crashed in rejection: ActorStoppedError [ERR_ACTOR_STOPPED]: test/full has ended (killed)",
      "lost test/tells",
      "lost test/tells",
      "test/gone shutdown: early",
      "lost test/gone",
    ]);
  },
);

testOnce("What rejects because the system stops is reported, and does not end the process.", async () => {
  const events = await unheardFailures();
  const stopped = events.slice(events.indexOf("stop") + 1);

  assert.deepEqual(stopped.slice(-2), ["lost test/careful", "lost test/careful"]);
});
