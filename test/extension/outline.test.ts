import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Capability } from "airssys-rt/inspect";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram, Node } from "../../extension/src/programs/node.ts";
import { Outline } from "../../extension/src/tree/outline.ts";
import { present } from "../../extension/src/tree/presentation.ts";
import { actor, delta, shop, snapshot, supervisor } from "./rows.ts";

function program(id: string, rows = shop(), can: (capability: Capability) => boolean = () => true): LiveProgram {
  const tree = new ProgramTree();
  tree.apply(snapshot(rows));
  return { id, title: `${id}.ts`, detail: "pid 1", tree, can, request: () => Promise.resolve() };
}

function outline(...programs: LiveProgram[]): Outline {
  const made = new Outline();
  made.show(programs, []);
  return made;
}

function labels(nodes: readonly Node[]): string[] {
  return nodes.map((node) => present(node).label);
}

function crowd(size: number): LiveProgram {
  return program("crowd", [supervisor("shop"), ...Array.from({ length: size }, (_, n) => actor(`shop/${n}`, n))]);
}

const span = { uri: "file:///main.ts", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };

suite("the outline", () => {
  test("one program shows its systems", () => {
    const tree = outline(program("main"));
    assert.deepEqual(labels(tree.children()), ["shop"]);
    assert.deepEqual(labels(tree.children(tree.children()[0])), ["payments", "ledger"]);
  });

  test("two programs stand side by side, with their systems below", () => {
    const tree = outline(program("one"), program("two"));
    assert.deepEqual(labels(tree.children()), ["one.ts", "two.ts"]);
    assert.deepEqual(labels(tree.children(tree.children()[1])), ["shop"]);
  });

  test("a program without a system says so", () => {
    const tree = outline(program("main", []));
    const [only] = tree.children();
    assert.ok(only);
    assert.equal(present(only).description, "pid 1 · no actor system yet");
    assert.equal(present(only).expands, "never");
  });

  test("before anything runs it shows the source", () => {
    const tree = new Outline();
    tree.show(
      [],
      [
        {
          id: "shop",
          kind: "supervisor",
          spec: span,
          strategy: "one_for_all",
          children: [{ kind: "unknown", spec: span, unknown: "computed", children: [] }],
        },
      ],
    );
    assert.deepEqual(labels(tree.children()), ["shop"]);
    const [child] = tree.children(tree.children()[0]);
    assert.ok(child);
    assert.equal(present(child).description, "computed");
    assert.equal(present(child).icon.id, "question");
  });

  test("the same place is the same object and the same id after every change", () => {
    const live = program("main");
    const tree = outline(live);
    const [top] = tree.children();
    const before = tree.children(top);
    live.tree.apply(delta(2, [actor("shop/z", 5)]));
    const after = tree.children(top);
    assert.equal(after[0], before[0]);
    assert.equal(after.length, 3);
  });

  test("what has gone is forgotten, with all below it", () => {
    const live = program("main");
    const tree = outline(live);
    const [top] = tree.children();
    tree.children(tree.children(top)[0]);
    live.tree.apply(delta(2, [], ["shop/payments/card", "shop/payments/invoice", "shop/payments"]));
    tree.children(top);
    assert.deepEqual(
      [...tree.all].map(({ id }) => id),
      ["a:main:shop", "a:main:shop/ledger"],
    );
  });

  test("a hundred children stand for themselves, the others below one row", () => {
    const tree = outline(crowd(1_000));
    const rows = tree.children(tree.children()[0]);
    assert.equal(rows.length, 101);
    assert.equal(present(rows.at(-1) as Node).label, "… 900 more");
    assert.equal(tree.children(rows.at(-1)).length, 9);
    assert.deepEqual(labels(tree.children(tree.children(rows.at(-1))[8])).at(-1), "999");
  });

  test("no row has more than about a hundred below it, with a million actors too", () => {
    const tree = outline(crowd(120_000));
    let rows = tree.children(tree.children()[0]);
    for (let depth = 0; rows.length > 0 && depth < 10; depth++) {
      assert.ok(rows.length <= 101, String(rows.length));
      rows = tree.children(rows.at(-1));
    }
  });

  test("an actor is found below its groups", () => {
    const live = crowd(1_000);
    const tree = outline(live);
    const found = tree.find(live, "shop/731");
    assert.equal(found?.parent?.kind, "range");
    assert.equal(found?.parent?.parent?.kind, "range");
    assert.equal(tree.find(live, "shop/none"), undefined);
  });
});

suite("how a row looks", () => {
  const shown = (rows = shop(), path = "shop/payments/card", can: (capability: Capability) => boolean = () => true) => {
    const live = program("main", rows, can);
    const found = outline(live).find(live, path);
    assert.ok(found);
    return present(found);
  };

  test("an idle actor is quiet", () => {
    const { description, icon, spoken, expands } = shown();
    assert.equal(description, "idle");
    assert.equal(icon.id, "circle-outline");
    assert.equal(spoken, "card actor, idle");
    assert.equal(expands, "never");
  });

  test("a busy one says what it has to do", () => {
    const rows = [
      ...shop().slice(0, 2),
      actor("shop/payments/card", 0, {
        state: "busy",
        rate: 12.34,
        restarts: 2,
        mailbox: { depth: 3, capacity: null, overflow: "reject" },
      }),
    ];
    assert.equal(shown(rows).description, "busy · 3 queued · 12 msg/s · restarted 2×");
    assert.equal(shown(rows).spoken, "card actor, busy, 3 messages queued, restarted 2 times");
  });

  test("a mailbox that is almost full is a warning", () => {
    const rows = [
      ...shop().slice(0, 2),
      actor("shop/payments/card", 0, { mailbox: { depth: 80, capacity: 100, overflow: "reject" } }),
    ];
    assert.equal(shown(rows).icon.id, "warning");
    assert.equal(shown(rows).description, "idle · 80/100 queued");
  });

  test("it says for whom it has waited, and how long", () => {
    const rows = [
      ...shop().slice(0, 2),
      actor("shop/payments/card", 0, {
        state: "waiting",
        waitsFor: [{ path: "shop/ledger", messageType: "book", sinceMs: 2_000 }],
      }),
    ];
    assert.equal(shown(rows).description, "waiting · waits 2 s for ledger");
  });

  test("a supervisor shows the trouble below it and the restarts it has used", () => {
    const flags = {
      strategy: "one_for_one",
      maxRestarts: 3,
      maxRestartPeriodMs: 5_000,
      restartsInWindow: 2,
      autoShutdown: "never",
    };
    const rows = [
      supervisor("shop"),
      supervisor("shop/payments", 0, { supervisor: flags }),
      actor("shop/payments/card", 0, { state: "restarting" }),
    ];
    const { description, icon, spoken } = shown(rows, "shop/payments");
    assert.equal(description, "restarts 2/3 in 5 s · 1 down below · one_for_one");
    assert.equal(icon.id, "error");
    assert.match(spoken, /strategy one for one, 2 of 3 restarts within 5 s used, 1 down below/);
  });

  test("an actor that a crash has stopped is not one that somebody stopped", () => {
    const crash = { at: 0, incarnation: 1, where: "receive", text: "boom" };
    const rows = [...shop().slice(0, 2), actor("shop/payments/card", 0, { state: "stopped", lastCrash: crash })];
    assert.equal(shown(rows).description, "crashed · boom");
    assert.equal(shown(rows).icon.id, "error");
    const calm = [...shop().slice(0, 2), actor("shop/payments/card", 0, { state: "stopped" })];
    assert.equal(shown(calm).icon.id, "circle-slash");
  });

  test("only what the program can do is offered", () => {
    assert.equal(shown().context, "actor live canKill canRestart canStop canSuspend canSend");
    assert.equal(
      shown(shop(), "shop/payments/card", (capability) => capability === "kill").context,
      "actor live canKill",
    );
    assert.equal(shown(shop(), "shop").context, "system live canStop");
    const suspended = [...shop().slice(0, 2), actor("shop/payments/card", 0, { state: "suspended" })];
    assert.match(shown(suspended).context, /canResume/);
    assert.doesNotMatch(shown(suspended).context, /canSuspend/);
  });
});
