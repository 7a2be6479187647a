import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { byLikelihood, chooseProgram, namedFiles, type Situation } from "../../extension/src/debug/entry.ts";
import { explanationOf, Launches } from "../../extension/src/debug/launches.ts";
import { ProgramQuestions } from "../../extension/src/debug/questions.ts";

const program = (file: string, isTest = false, built?: string) => ({ file, isTest, built });

function choose(change: Partial<Situation>) {
  return chooseProgram({ folder: "/w", packageFolder: "/w", named: [], programs: [], ...change });
}

suite("which program is meant", () => {
  const two = [program("/w/src/other.ts"), program("/w/src/main.ts")];

  test("the file in the editor, when it starts a system", () => {
    const active = { file: "/w/src/shop.ts", startsSystem: true };
    assert.deepEqual(choose({ active, named: ["/w/src/main.ts"], programs: two }), {
      is: "one",
      file: "/w/src/shop.ts",
    });
  });

  test("else what its package names, by its source or by what is built of it", () => {
    const active = { file: "/w/src/shop.ts", startsSystem: false };
    assert.deepEqual(choose({ active, named: ["/w/x.js", "/w/src/other.ts"], programs: two }), {
      is: "one",
      file: "/w/src/other.ts",
    });
    const built = [program("/w/src/a.ts", false, "/w/dist/a.js"), program("/w/src/b.ts", false, "/w/dist/b.js")];
    assert.deepEqual(choose({ active, named: ["/w/dist/b.js"], programs: built }), { is: "one", file: "/w/src/b.ts" });
    const both = [program("/w/dist/b.js"), ...built];
    assert.deepEqual(choose({ active, named: ["/w/dist/b.js"], programs: both }), { is: "one", file: "/w/src/b.ts" });
  });

  test("else the only one of its package, else the only one there is; tests do not count", () => {
    const programs = [program("/w/a/main.ts"), program("/w/b/main.ts"), program("/w/b/test/x.ts", true)];
    assert.deepEqual(choose({ packageFolder: "/w/b", programs }), { is: "one", file: "/w/b/main.ts" });
    assert.deepEqual(choose({ packageFolder: "/w/c", programs: programs.slice(1) }), {
      is: "one",
      file: "/w/b/main.ts",
    });
  });

  test("one of several the user says, one test too, the likeliest first", () => {
    assert.deepEqual(choose({ programs: two }), { is: "many", files: ["/w/src/main.ts", "/w/src/other.ts"] });
    assert.deepEqual(choose({ programs: [program("/w/test/x.ts", true)] }), { is: "many", files: ["/w/test/x.ts"] });
    assert.deepEqual(choose({}), { is: "none" });
  });

  test("those of other folders that are open, only where this one has none", () => {
    const elsewhere = [program("/v/main.ts")];
    assert.deepEqual(choose({ elsewhere }), { is: "one", file: "/v/main.ts" });
    assert.deepEqual(choose({ elsewhere: [...elsewhere, program("/v/other.ts")] }), {
      is: "many",
      files: ["/v/main.ts", "/v/other.ts"],
    });
    assert.deepEqual(choose({ elsewhere, programs: two }).is, "many");
    assert.deepEqual(choose({ elsewhere, programs: two.slice(1) }), { is: "one", file: "/w/src/main.ts" });
  });

  test("likely is what lies near the top and is called like a start", () => {
    const files = ["/w/src/tools/x.ts", "/w/src/main.ts", "/w/src/other.ts", "/w/src/index.ts"].map((file) =>
      program(file),
    );
    assert.deepEqual(byLikelihood("/w", [program("/w/test/main.ts", true), ...files]), [
      "/w/src/main.ts",
      "/w/src/index.ts",
      "/w/src/other.ts",
      "/w/src/tools/x.ts",
      "/w/test/main.ts",
    ]);
  });

  const named = (start: string, scripts: Readonly<Record<string, string>> = {}) =>
    namedFiles({ scripts: { start, ...scripts } }).filter(
      (file) => /^(src|dist)/.test(file) && !file.endsWith(".tsx") && !/\.[cm]/.test(file),
    );

  test("a manifest may leave endings out, and say a folder, or another script", () => {
    for (const start of [
      "node dist/main",
      "cross-env A=1 node --enable-source-maps dist/main --port 1",
      "node --import tsx dist/main",
    ])
      assert.ok(named(start).includes("dist/main.js"), start);
    assert.ok(named("tsx watch src").includes("src/index.ts"));
    assert.ok(named("tsx src/").includes("src/index.ts"));
    assert.ok(namedFiles({ main: "dist/main" }).includes("dist/main.js"));
    assert.ok(namedFiles({ main: "./dist" }).includes("./dist/index.js"));
    const scripts = { dev: "npm run build && npm run serve", serve: "node dist/main.js", build: "tsc -b src" };
    assert.deepEqual(named("pnpm run dev", scripts), ["dist/main.js"]);
    assert.deepEqual(named("run-s build serve", scripts), ["dist/main.js"]);
    assert.deepEqual(named("node --run serve", scripts), ["dist/main.js"]);
    assert.deepEqual(named("set NODE_ENV=x&& node dist/main.js | pino-pretty"), ["dist/main.js"]);
    assert.deepEqual(named("npm run start", scripts), []);
    assert.deepEqual(named("vite build src/main", {}), []);
  });

  test("a manifest names programs in its start script, as its main, and as its commands", () => {
    assert.deepEqual(
      namedFiles({
        scripts: { start: "NODE_ENV=x node --env-file=.env --import tsx 'src/main.ts' && echo" },
        main: "dist/index.js",
        bin: { shop: "./bin/shop.mjs" },
      }),
      ["src/main.ts", "dist/index.js", "./bin/shop.mjs"],
    );
    assert.deepEqual(named("node 'src/my main.ts'"), ["src/my main.ts"]);
    assert.deepEqual(named('concurrently "tsc -w" "tsx watch src/main.ts"').at(-1), "src/main.ts");
    assert.deepEqual(namedFiles({ bin: "./a.js", scripts: null }), ["./a.js"]);
    assert.deepEqual(namedFiles({ main: 7, scripts: { start: ["x.ts"] } }), []);
  });
});

suite("a launch", () => {
  const launched = { file: "/w/main.ts", startsSystem: false };
  const run = (happens: (launches: Launches) => void) => {
    const launches = new Launches();
    launches.begin("1", launched);
    happens(launches);
    return launches.end("1");
  };

  test("that ends by itself without a system is explained", () => {
    assert.deepEqual(
      run(() => {}),
      launched,
    );
  });

  test("of which a system was seen, or that the user ended, is not", () => {
    assert.equal(
      run((launches) => launches.saw("1")),
      undefined,
    );
    assert.equal(
      run((launches) => launches.stopped("1")),
      undefined,
    );
    assert.equal(new Launches().end("2"), undefined);
  });

  test("that ends with an exit code says so, whatever its source says", () => {
    const failed = run((launches) => launches.exited("1", 3));
    assert.deepEqual(failed, { ...launched, exitCode: 3 });
    const { text, offers } = explanationOf(failed ?? launched);
    assert.match(text, /^main\.ts has ended with exit code 3, and no actor system was seen while it ran\./);
    assert.equal(offers, "output");
    assert.match(explanationOf({ ...launched, exitCode: 0 }).text, /neither it nor what it imports/);
    assert.match(explanationOf({ file: "/w/main.ts", startsSystem: true }).text, /Its output may say why/);
  });

  test("that is started again is judged anew", () => {
    const launches = new Launches();
    launches.begin("1", launched);
    launches.stopped("1");
    launches.end("1");
    assert.ok(launches.end("1"));
  });
});

suite("what the language server knows of programs", () => {
  const answers = {
    program: async () => ({ startsSystem: true, needs: [], files: [] }),
    programs: async () => ({ programs: [] }),
    errors: async () => ({ errors: [] }),
  };

  test("is waited for while the server is expected", async () => {
    const questions = new ProgramQuestions();
    questions.expect();
    const asked = questions.program("file:///a.ts");
    questions.connect(answers);
    assert.equal((await asked)?.startsSystem, true);
  });

  test("is unknown without a server, and when it ends meanwhile", async () => {
    const questions = new ProgramQuestions();
    assert.equal(await questions.program("file:///a.ts"), undefined);
    questions.expect();
    const asked = questions.programs();
    questions.giveUp();
    assert.equal(await asked, undefined);
    questions.connect({ ...answers, programs: () => Promise.reject(new Error("gone")) });
    assert.equal(await questions.programs(), undefined);
  });

  test("is asked for once until files change", async () => {
    let asked = 0;
    const questions = new ProgramQuestions();
    questions.connect({
      ...answers,
      programs: async () => ({ programs: [{ uri: `file:///${asked++}`, isTest: false }] }),
    });
    await questions.programs();
    await questions.programs();
    assert.equal(asked, 1);
    questions.expire();
    await questions.programs();
    assert.equal(asked, 2);
  });
});
