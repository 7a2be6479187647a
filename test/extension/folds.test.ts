import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram, Node } from "../../extension/src/programs/node.ts";
import { Folds } from "../../extension/src/tree/folds.ts";
import { Outline } from "../../extension/src/tree/outline.ts";
import { present } from "../../extension/src/tree/presentation.ts";
import { actor, delta, snapshot, supervisor, surroundings } from "./rows.ts";

/** A view with one row below its top. */
function view(kind = supervisor) {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot([supervisor("shop", 0), kind("shop/desk", 1)]));
  const program = { id: "main", title: "main.ts", detail: "", tree, can: () => true, request: () => Promise.resolve() };
  const outline = new Outline();
  const folds = new Folds();
  const rowOf = (shown: LiveProgram): Node => {
    outline.show([shown], []);
    const [top] = outline.children();
    const desk = top && outline.children(top)[0];
    assert.ok(desk);
    return desk;
  };
  const look = (node: Node) => present(node, { ...surroundings, isFolded: (one) => folds.isFolded(one) });
  return {
    row: rowOf(program),
    inNextRun: () => rowOf({ ...program }),
    folds,
    starts: (count: number) =>
      tree.apply(
        delta(
          2,
          Array.from({ length: count }, (_, n) => actor(`shop/desk/${n}`, n)),
        ),
      ),
    /** As it is drawn, and the id by which VS Code gets it. */
    draw: (node: Node) => folds.drawn(node, look(node).expands),
    description: (node: Node) => look(node).description,
  };
}

suite("rows that are folded", () => {
  test("a supervisor is drawn open before it has children: VS Code keeps it so", () => {
    const { row, starts, draw } = view();
    const first = draw(row);
    assert.equal(first.expands, "open");
    starts(3);
    assert.deepEqual(draw(row), first);
  });

  test("an actor that has its first children is another one for VS Code, and open; it stays that one without children", () => {
    const { row, starts, draw, folds } = view(actor);
    const alone = draw(row);
    assert.equal(alone.expands, "never");
    assert.equal(folds.isFolded(row), undefined);
    starts(3);
    assert.deepEqual(draw(row), alone, "VS Code would lose it: the row above has not been asked");
    folds.listed([row]);
    const { expands, id } = draw(row);
    assert.equal(expands, "open");
    assert.notEqual(id, alone.id);
    assert.deepEqual(folds.drawn(row, "never"), { id, expands: "never" });
  });

  test("a row stays open that was drawn open, however many children come, and says of none of them that it is hidden", () => {
    const { row, starts, draw, description } = view();
    starts(3);
    assert.equal(draw(row).expands, "open");
    starts(200);
    assert.equal(draw(row).expands, "open");
    assert.doesNotMatch(description(row), /children/);
  });

  test("a row that was folded at first, for its many children, stays so when most have gone, and counts them", () => {
    const { row, starts, draw, description } = view();
    starts(200);
    assert.equal(draw(row).expands, "closed");
    assert.match(description(row), /200 children/);
  });

  test("what the user has folded is drawn folded in the next run, too", () => {
    const { row, starts, draw, folds, inNextRun } = view();
    starts(3);
    draw(row);
    folds.choose(row, true);
    assert.equal(draw(row).expands, "closed");
    const again = inNextRun();
    assert.notEqual(again, row);
    assert.equal(draw(again).expands, "closed");
    folds.choose(again, false);
    assert.equal(draw(again).expands, "open");
  });
});
