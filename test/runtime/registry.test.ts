import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "../../runtime/src/environment/registry.ts";
import { NameTakenError } from "../../runtime/src/values/errors.ts";
import type { AnyActorRef } from "../../runtime/src/values/ref.ts";

const ref = (id: string): AnyActorRef => ({ id }) as AnyActorRef;

test("a name leads to the actor that took it, and to nobody once it is free", () => {
  const registry = new Registry();
  const [a, b] = [ref("a"), ref("b")];

  registry.register("one", a);
  registry.register("two", b);
  assert.deepEqual([registry.whereis("one"), registry.whereis("two"), registry.names()], [a, b, ["one", "two"]]);
  registry.unregister("one", a);

  assert.deepEqual([registry.whereis("one"), registry.names()], [undefined, ["two"]]);
});

test("a taken name is refused to another actor, with its holder, and granted again to the same", () => {
  const registry = new Registry();
  const a = ref("a");
  registry.register("name", a);

  registry.register("name", a);
  for (const act of [() => registry.register("name", ref("b")), () => registry.checkFree("name")]) {
    assert.throws(
      act,
      (error) => error instanceof NameTakenError && error.holder === "a" && error.takenName === "name",
    );
  }
  assert.equal(registry.whereis("name"), a);
});

test("only its holder can free a name", () => {
  const registry = new Registry();
  const a = ref("a");
  registry.register("name", a);

  registry.unregister("name", ref("b"));
  registry.unregister("other", a);

  assert.equal(registry.whereis("name"), a);
});
