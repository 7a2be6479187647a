// Stands in the extension host for the module that --extensionTestsPath names: runs that module the way VS Code does, and
// writes down how it went. Without that word a host that was killed, or a test that called process.exit(), would read as
// success, because the workbench reports status 0 then.
"use strict";

const fs = require("node:fs");
const { pathToFileURL } = require("node:url");

/** Loads CommonJS and ES modules alike. */
async function load(file) {
  try {
    return require(file);
  } catch (error) {
    if (error?.code !== "ERR_REQUIRE_ESM" && error?.code !== "ERR_REQUIRE_ASYNC_MODULE") throw error;
    return import(pathToFileURL(file).href);
  }
}

/** A test module returns a promise, or calls back with an error and the number of failures. */
function settle(module, file) {
  const run = module.run ?? module.default?.run;
  if (typeof run !== "function") throw new Error(`${file} does not export a function run()`);
  return new Promise((resolve, reject) => {
    const callback = (error, failures) => {
      if (error) reject(error);
      else if (failures > 0) reject(new Error(`${failures} tests failed`));
      else resolve();
    };
    const result = run.call(module, file, callback);
    if (typeof result?.then === "function") result.then(resolve, reject);
  });
}

exports.run = async () => {
  const file = process.env.AIRSSYS_HOST_TESTS;
  const report = (result) => fs.writeFileSync(process.env.AIRSSYS_HOST_RESULT, JSON.stringify(result));
  try {
    await settle(await load(file), file);
    report({ ok: true });
  } catch (error) {
    report({ ok: false, error: String(error?.stack ?? error) });
    throw error;
  }
};
