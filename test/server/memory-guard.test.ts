/** Types that need more memory than there is cost the file that needs them, not the run. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Heap, MemoryGuard } from "../../server/src/compiler/memory-guard.ts";
import { readProjectConfig } from "../../server/src/compiler/project-config.ts";
import { TsProject } from "../../server/src/compiler/ts-project.ts";
import { checkClean, filesOf, memory } from "./fixture.ts";

const ACTOR = `
  type Message = { readonly type: "a" } | { readonly type: "b" };
  export const log = [(text: string) => console.log(text)].map((f) => f);
  class A extends Actor<Message> {
    override handleMessage(message: Message, context: ActorContext<Message>): void {
      setTimeout(() => context.self.tell(((x: Message) => x)({ type: "a" })), 1);
      if (message.type === "a") console.log("a");
    }
  }
`;

function project(heap: () => Heap): TsProject {
  const files = memory(filesOf(`//- /a.ts\n${ACTOR}\n//- /b.ts\n${ACTOR}`));
  const config = readProjectConfig(files, "/tsconfig.json");
  return new TsProject(config, files, ["/a.ts", "/b.ts"], new MemoryGuard(heap));
}

test("a file whose types need too much memory is given up, and told; the next one is read", () => {
  let usedBytes = 95;
  const compiler = project(() => ({ usedBytes, limitBytes: 100 }));

  const first = compiler.factsOf("/a.ts");
  usedBytes = 10;
  const second = compiler.factsOf("/b.ts");

  assert.deepEqual(first?.failures, ["its types need more memory than there is, and it is not checked"]);
  assert.equal(first?.actors.length, 0);
  assert.deepEqual(second?.failures, []);
  assert.deepEqual(second?.dispatches[0]?.missing, [{ key: "s:b", text: '"b"', code: '"b"' }]);
});

test("what was learnt of one file is forgotten before the next when memory gets short", () => {
  let begun = 0;
  let usedBytes = 10;
  class CountingGuard extends MemoryGuard {
    override begin(): void {
      begun++;
      super.begin();
    }
  }
  const files = memory(filesOf(`//- /a.ts\n${ACTOR}\n//- /b.ts\n${ACTOR}\n//- /c.ts\n${ACTOR}`));
  const guard = new CountingGuard(() => ({ usedBytes, limitBytes: 100 }));
  const compiler = new TsProject(readProjectConfig(files, "/tsconfig.json"), files, ["/a.ts", "/b.ts", "/c.ts"], guard);

  compiler.factsOf("/a.ts");
  assert.equal(begun, 1);
  usedBytes = 70;
  const second = compiler.factsOf("/b.ts");
  assert.equal(begun, 1);
  const third = compiler.factsOf("/c.ts");

  assert.equal(begun, 2);
  assert.equal(second?.dispatches.length, 1);
  assert.equal(third?.dispatches.length, 1);
});

test("a protocol of thousands of variants is taken as an open one", () => {
  const variants = Array.from({ length: 1_200 }, (_, i) => `{ readonly type: "m${i}" }`).join(" | ");
  checkClean(`
    type Message = ${variants};
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "m1":
        }
      }
    }
  `);
});
