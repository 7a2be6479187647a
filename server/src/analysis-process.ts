/** Entry of the analysis process: messages in, messages out. Ends when the server does. */
import type { FromAnalysis, ToAnalysis } from "./analysis/analysis-calls.ts";
import { AnalysisService } from "./analysis/analysis-service.ts";
import { factsOnDisk } from "./engine/folder-facts.ts";
import { buildIn } from "./source/build.ts";
import { DISK } from "./source/file-system.ts";

const send = (message: FromAnalysis): void => {
  if (process.connected) process.send?.(message);
};

const service = new AnalysisService(
  DISK,
  (name, params) => send({ kind: "event", event: { name, params } as never }),
  undefined,
  factsOnDisk(buildIn(import.meta.dirname)),
);
const cancelled = new Set<number>();

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToAnalysis) => {
  switch (message.kind) {
    case "notice":
      service.notices[message.notice.name](message.notice.params as never);
      return;
    case "request":
      void answer(message.request.id, () => service.requests[message.request.name](message.request.params as never));
      return;
    case "cancel":
      cancelled.add(message.id);
  }
});

async function answer(id: number, ask: () => Promise<unknown>): Promise<void> {
  try {
    const result = await ask();
    if (!cancelled.delete(id)) send({ kind: "answer", id, result });
  } catch (cause) {
    send({ kind: "failure", id, text: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  }
}
