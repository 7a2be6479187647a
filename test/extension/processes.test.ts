// OS processes as rows: what they say and how they look, and that nothing which they write is more than text.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { StaticNode } from "airssys-language-server/protocol";
import type { ActorRow, Capability, DenialInfo, ProcessInfo } from "airssys-rt/inspect";
import { readFrame, readOutput } from "../../extension/src/inspect/frame.ts";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram, Node } from "../../extension/src/programs/node.ts";
import { Changes } from "../../extension/src/tree/changes.ts";
import { Outline } from "../../extension/src/tree/outline.ts";
import { present } from "../../extension/src/tree/presentation.ts";
import { deniedTooltip, processTooltip } from "../../extension/src/tree/process-words.ts";
import { specOf } from "../../extension/src/tree/spec-place.ts";
import { tooltip } from "../../extension/src/tree/words.ts";
import { actor, delta, seen, snapshot, supervisor, surroundings, system } from "./rows.ts";

const MB = 1_048_576;

const info = (change: Partial<ProcessInfo> = {}): ProcessInfo => ({
  ...{ pid: 4_711, command: "/usr/bin/ffmpeg", args: "-i a.mov out.mp4", state: "ready", startedAt: -65_000 },
  ...{ usage: { cpuPercent: 180, memoryBytes: 96 * MB } },
  ...change,
});

const denials: DenialInfo = {
  ...{ count: 3, at: -2_000, operation: "read", target: "/etc/passwd", reason: "outside" },
  hint: 'no grant covers it; one would have to allow "read"',
  grant: '{ path: "/etc", allow: ["read"] }',
};

function world(rows: readonly ActorRow[], can: (capability: Capability) => boolean = () => true) {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot(rows));
  const program: LiveProgram = {
    ...{ id: "main", title: "main.ts", detail: "pid 1", tree },
    ...{ can, request: () => Promise.resolve() },
  };
  const outline = new Outline();
  outline.show([program], []);
  return { tree, program, outline };
}

const desk = (change: Partial<ActorRow>): readonly ActorRow[] => [supervisor("desk"), actor("desk/worker", 1, change)];

function worker(change: Partial<ActorRow>, can?: (capability: Capability) => boolean) {
  const { outline, program } = world(desk(change), can);
  const node = outline.find(program, "desk/worker");
  assert.ok(node);
  const below = outline.children(node);
  return { row: present(node, surroundings), below: below.map((one) => present(one, surroundings)), nodes: below };
}

const words = (context: string): string[] => context.split(" ").filter((word) => /Signal|Output|Grant/.test(word));

suite("an actor that stands for a process", () => {
  const cases: readonly [string, Partial<ProcessInfo>, Partial<ActorRow>, string][] = [
    ["runs", {}, {}, "ffmpeg, pid 4711 · 180 % CPU · 96 MB"],
    ["is calm", { usage: { cpuPercent: 0, memoryBytes: 1.42 * MB } }, {}, "ffmpeg, pid 4711 · 1.4 MB"],
    ["has just begun", { usage: { memoryBytes: 0 } }, {}, "ffmpeg, pid 4711"],
    ["was not looked at before", { usage: { memoryBytes: 2_200 * MB } }, {}, "ffmpeg, pid 4711 · 2.1 GB"],
    ["runs where the system does not say", { usage: null }, {}, "ffmpeg, pid 4711 · CPU and memory unknown"],
    ["starts", { state: "starting" }, {}, "starting · ffmpeg, pid 4711 · 180 % CPU · 96 MB"],
  ];
  for (const [what, process, row, description] of cases) {
    test(`says what it is and uses, the trouble first, when it ${what}`, () => {
      assert.equal(worker({ process: info(process), ...row }).row.description, description);
    });
  }

  test("says how it ended while it waits for its next start, and can be sent nothing then", () => {
    const exited = { ...info({ state: "exited", signal: "SIGSEGV" }) };
    const { row } = worker({ process: exited, state: "restarting" });
    assert.equal(row.description, "restarting · ended by SIGSEGV · ffmpeg, pid 4711");
    assert.deepEqual(words(row.context), []);
    const last = { stderr: "a\nno such codec", state: "exited", code: 3 } as const;
    const end = {
      at: 0,
      incarnation: 1,
      kind: "crashed",
      text: 'crashed in exit: ProcessExitError [ERR_PROCESS_EXIT]: "x" exited with 3',
    } as const;
    assert.equal(
      worker({ process: info(last), state: "restarting", lastEnd: end }).row.description,
      "restarting · exited with 3: no such codec · ffmpeg, pid 4711",
    );
    const again = worker({ process: info(), lastEnd: end, restarts: 1, incarnation: 2 }).row.description;
    assert.equal(again, '"x" exited with 3 · ffmpeg, pid 4711 · 180 % CPU · 96 MB');
    const { row: coded } = worker({ process: info({ state: "exited", code: 3 }), state: "restarting" });
    assert.equal(coded.description, "restarting · exited with 3 · ffmpeg, pid 4711");
  });

  test("has the shape of a terminal while it is calm, and that of its trouble otherwise", () => {
    assert.deepEqual(worker({ process: info() }).row.icon, { id: "terminal", color: "charts.green" });
    assert.equal(worker({ process: info(), state: "suspended" }).row.icon.id, "debug-pause");
  });

  test("offers what the program allows, and nothing else", () => {
    assert.deepEqual(words(worker({ process: info() }).row.context), ["canSignal", "canShowOutput"]);
    assert.deepEqual(words(worker({ process: info() }, (word) => word === "output").row.context), ["canShowOutput"]);
    assert.deepEqual(words(worker({}).row.context), []);
    assert.deepEqual(words(worker({ process: info(), left: true }).row.context), []);
  });

  test("is spoken in full words", () => {
    assert.match(
      worker({ process: info() }).row.spoken,
      /actor, running, process ffmpeg, pid 4711, 180 percent of a processor, 96 MB of memory/,
    );
    assert.match(worker({ process: info({ usage: null }) }).row.spoken, /processor time and memory unknown/);
  });
});

suite("processes that an actor runs", () => {
  const runs = [
    info(),
    info({ pid: 4_712, command: "/opt/desk/bin/trouble", args: "hang", usage: { memoryBytes: MB } }),
  ];

  test("are leaves below it, before its children", () => {
    const rows = [...desk({ runs }), actor("desk/worker/child", 2)];
    const { outline, program } = world(rows);
    const node = outline.find(program, "desk/worker");
    const below = outline.children(node).map((one) => present(one, surroundings));
    assert.deepEqual(
      below.map(({ label, description, expands }) => [label, description, expands]),
      [
        ["ffmpeg", "pid 4711 · 180 % CPU · 96 MB · -i a.mov out.mp4", "never"],
        ["trouble", "pid 4712 · 1 MB · hang", "never"],
        ["child", "", "never"],
      ],
    );
    assert.ok(node && present(node, surroundings).expands === "open");
    assert.ok(outline.find(program, "desk/worker/child"));
  });

  test("have a row each as long as they run, drawn anew when it says something else", () => {
    const { tree, program, outline } = world(desk({ runs }));
    const changes = new Changes(outline, () => surroundings);
    const node = outline.find(program, "desk/worker") as Node;
    let seq = 1;
    const drawn = [...outline.children(node)];
    for (const one of [node, ...drawn]) changes.drawn(one);
    const apply = (change: Partial<ActorRow>): readonly string[] => {
      changes.add(
        program,
        tree.apply(delta(++seq, [actor("desk/worker", 1, change)], [], { systems: [system("desk")] })),
      );
      const taken = changes.take();
      return taken === "all" ? ["all"] : taken.map(({ id }) => id);
    };
    assert.deepEqual(apply({ runs }), [], "nothing is different");
    const [first, second] = runs as [ProcessInfo, ProcessInfo];
    assert.deepEqual(apply({ runs: [{ ...first, usage: { cpuPercent: 20, memoryBytes: MB } }, second] }), [
      drawn[0]?.id,
    ]);
    const after = apply({ runs: [second] });
    assert.ok(after.includes(node.id), String(after));
    assert.deepEqual(outline.children(node), [drawn[1]], "the same row stays the same object");
  });

  test("are counted when they are folded away or too many", () => {
    const { outline, program } = world(desk({ runs, runsLeftOut: 2 }));
    const node = outline.find(program, "desk/worker") as Node;
    assert.equal(present(node, surroundings).description, "2 processes more");
    assert.equal(present(node, { ...surroundings, isFolded: () => true }).description, "4 processes");
  });

  test("are grey and can be sent nothing when the program does not answer or has ended", () => {
    for (const change of [{ endedAt: 1 }, { silence: { ms: 5_000, runner: undefined } }]) {
      const { outline, program } = world(desk({ runs }));
      const node = outline.find(program, "desk/worker") as Node;
      const [row] = outline.children(node);
      assert.ok(row?.kind === "process");
      const looks = present({ ...row, program: { ...program, ...change } }, surroundings);
      assert.deepEqual([looks.tone, looks.icon.color, words(looks.context)], ["stale", "disabledForeground", []]);
    }
  });
});

suite("what was denied", () => {
  test("is counted beside the name, and offers the grant only where one would help", () => {
    const { row } = worker({ denials });
    assert.equal(row.description, "3 denied");
    assert.deepEqual(words(row.context), ["hasGrant"]);
    assert.match(row.spoken, /3 operations denied, the last: read of \/etc\/passwd/);
    const { grant: _, ...none } = denials;
    assert.deepEqual(words(worker({ denials: none }).row.context), []);
  });

  test("is told in the tooltip with its reason and the grant that it would need", () => {
    const text = tooltip(seen(actor("desk/worker", 0, { denials })), { warned: 0, down: 0 }, 0);
    for (const part of ["Denied: 3 operations", "2 s ago", "outside", "The grant it would need:"])
      assert.ok(text.replaceAll("\\", "").includes(part), `${part}\n${text}`);
    assert.ok(text.includes('```text\n{ path: "/etc", allow: ["read"] }\n```'), text);
  });
});

suite("what a process writes", () => {
  const evil =
    "[click](command:airssys.kill) **bold** <img src=x> $(flame)\n```\n[out](http://x)\n\u001b[31m\u202e\u0007end";

  test("is text in a block that it cannot leave, and nothing in it commands a screen", () => {
    const text = processTooltip(info({ stderr: evil, args: evil, command: evil }), 0);
    const at = text.indexOf("````text\n");
    assert.ok(at > 0 && text.endsWith("\n````"), text);
    const before = text.slice(0, at);
    assert.doesNotMatch(before, /(?<!\\)[[\]<*`]/);
    assert.doesNotMatch(text.replaceAll("\n", ""), /\p{Cc}|\u202e/u);
    const { row, below } = worker({ process: info({ command: evil, stderr: evil }), runs: [info({ args: evil })] });
    for (const one of [row, ...below])
      assert.doesNotMatch(`${one.label} ${one.description} ${one.spoken}`, /\p{Cc}|\u202e/u);
    const denied = deniedTooltip({ ...denials, target: evil, hint: evil, reason: evil, grant: evil }, 0);
    assert.doesNotMatch(denied.slice(0, denied.indexOf("````text")), /(?<!\\)[[\]<*`]/);
  });

  test("is read as the protocol says, or not at all", () => {
    const frame = (row: object): string =>
      JSON.stringify({ type: "snapshot", seq: 1, at: 0, systems: [], actors: [{ ...actor("a"), ...row }] });
    const read = (row: object): ActorRow | undefined => {
      const answer = readFrame(frame(row));
      return answer.type === "snapshot" ? answer.actors[0] : undefined;
    };
    assert.deepEqual(read({ process: info(), runs: [info()], denials })?.process, info());
    assert.equal(read({ process: info({ stderr: "x".repeat(100_000) }) })?.process?.stderr?.length, 4_000);
    for (const wrong of [
      { process: { ...info(), pid: "4711" } },
      { process: { ...info(), state: "zombie" } },
      { process: { ...info(), usage: { memoryBytes: null } } },
      { runs: Array.from({ length: 1_001 }, () => info()) },
      { denials: { ...denials, count: "3" } },
    ])
      assert.throws(() => read(wrong), { code: "ERR_BAD_FRAME" }, JSON.stringify(wrong).slice(0, 80));
    assert.deepEqual(readOutput({ text: "a", next: 1, lost: 0 }), { text: "a", next: 1, lost: 0 });
    for (const wrong of [null, "a", { text: 1, next: 1, lost: 0 }, { text: "a" }])
      assert.equal(readOutput(wrong), undefined);
  });
});

test("the spec of an actor is found by its ids from the top, the nearest one above what no source has", () => {
  const at = (line: number) => ({
    uri: "file:///a.ts",
    range: { start: { line, character: 0 }, end: { line, character: 1 } },
  });
  const node = (id: string | undefined, line: number, children: readonly StaticNode[] = []): StaticNode => ({
    ...(id === undefined ? {} : { id }),
    kind: "actor",
    spec: at(line),
    children,
  });
  const desk = node(undefined, 1, [node("store", 2), node("worker", 3), node("group", 4, [node("worker", 5)])]);
  const other = node(undefined, 10, [node("gate", 11)]);
  const line = (path: string, roots = [desk, other]) => specOf(roots, path)?.range.start.line;
  assert.equal(line("media-desk/worker"), 3);
  assert.equal(line("media-desk/group/worker"), 5);
  assert.equal(line("media-desk/worker/spawned#3"), 3);
  assert.equal(line("media-desk"), undefined);
  assert.equal(line("media-desk/nobody"), undefined);
  assert.equal(line("media-desk/gate", [desk, other, other]), undefined, "two fit equally well");
});
