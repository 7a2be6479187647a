import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { breakBehind, type Place } from "../../extension/src/debug/reply-step.ts";

const ASKER: Place = { scriptId: "7", lineNumber: 10, columnNumber: 4 };

/** A debugger that lets a function be stopped in its lines 10 to 14. */
function makeDebugger() {
  const conditions = new Map<string, string>();
  const call = async (method: string, params: object): Promise<unknown> => {
    const { location, condition, breakpointId } = params as {
      readonly location?: Place;
      readonly condition?: string;
      readonly breakpointId?: string;
    };
    if (method === "Debugger.getPossibleBreakpoints")
      return { locations: [10, 11, 12, 13, 14].map((lineNumber) => ({ scriptId: "7", lineNumber })) };
    if (method === "Debugger.removeBreakpoint") return conditions.delete(String(breakpointId));
    const id = `${location?.scriptId}:${location?.lineNumber}`;
    conditions.set(id, condition ?? "true");
    return { breakpointId: id };
  };
  return { conditions, call };
}

test("a step to the reply stops at the first place behind the question, and at none behind that before they are taken back", async () => {
  const program = { isSameRun: true };
  for (const condition of [undefined, "isSameRun"]) {
    const { conditions, call } = makeDebugger();
    const undo = await breakBehind(ASKER, condition, call);
    const stops = [...conditions.values()].map((each) => runInNewContext(each, program));
    assert.deepEqual(stops, [true, false, false, false], "lines 11 to 14, one after the other");
    await undo?.();
    assert.equal(conditions.size, 0);
  }
});

test("a step to the reply is not used up by other runs of the function that asked, nor by an earlier step", async () => {
  const program = { isSameRun: false };
  const [earlier, later] = [makeDebugger(), makeDebugger()];
  await breakBehind(ASKER, undefined, earlier.call);
  await breakBehind(ASKER, "isSameRun", later.call);
  const stopsAt = ({ conditions }: ReturnType<typeof makeDebugger>, line: number): unknown =>
    runInNewContext(conditions.get(`7:${line}`) ?? "false", program);

  assert.equal(stopsAt(earlier, 11), true);
  assert.equal(stopsAt(later, 11), false, "another run");
  program.isSameRun = true;
  assert.equal(stopsAt(later, 12), true);
  assert.equal(stopsAt(later, 13), false);
  assert.equal(stopsAt(earlier, 12), false, "over");
});
