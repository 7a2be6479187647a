/** The page of the view Messages: hears what the view says, and hands it to what is shown. */
import { ENGLISH, speak } from "../../sentence.ts";
import type { FromPage, ToPage } from "../page-protocol.ts";
import { Pages } from "./pages.ts";

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const api = acquireVsCodeApi();
const post = (message: FromPage): void => api.postMessage(message);

let pages: Pages | undefined;

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.type === "setup") {
    const { sentences, locale } = data;
    speak({ translate: (sentence, facts) => ENGLISH.translate(sentences[sentence] ?? sentence, facts), locale });
    pages ??= new Pages(data, post, { recall: () => api.getState(), keep: (kept) => api.setState(kept) });
  } else pages?.take(data);
});
window.addEventListener("error", ({ message }) => post({ type: "failed", text: message }));
for (const [event, isHere] of [
  ["focus", true],
  ["blur", false],
] as const)
  window.addEventListener(event, () => post({ type: "focus", isHere }));
post({ type: "ready" });
