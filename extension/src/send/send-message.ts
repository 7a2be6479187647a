/** Sends a message to an actor, step by step: which one, what is in it, what became of it. Escape ends it at any step, Back goes back one. */
import type { ActorMessages, MessageForm } from "airssys-language-server/protocol";
import { ASK_LIMITS } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { settings } from "../config.ts";
import { readAnswer } from "../inspect/frame.ts";
import type { Log } from "../log.ts";
import type { ActorNode } from "../programs/node.ts";
import { say } from "../sentence.ts";
import { iconless, plain, wholeSeconds, withIcon } from "../text.ts";
import { type Draft, firstGap, formOf, readDraft, tagIn } from "./draft.ts";
import { type DraftFile, DraftFiles, draftIn } from "./draft-files.ts";
import { fieldsOf, impossibleIn, jsonOf, skeletonOf, tagOf } from "./message-shape.ts";
import { hasCrashed, type Outcome, outcomeLine, outcomeTitle } from "./outcome.ts";
import type { SentMessage, SentMessages } from "./sent-messages.ts";

/** Milliseconds an actor has for its reply. */
const PATIENCE_MS = 30_000;
/** What a message of which nothing is known begins as. */
const EMPTY = '{ "type": "" }';

/** What sending needs from elsewhere. */
export interface SendHelp {
  readonly log: Log;
  readonly sent: SentMessages;
  /** What the actor takes, as far as anybody knows. Never rejects. */
  messagesOf(target: ActorNode): Promise<ActorMessages | undefined>;
  /** What a crash of the actor would take along. */
  riskOf(target: ActorNode): string;
}

/** What was typed, and whether it is to be written on as a file. */
interface Typed {
  readonly draft: Draft;
  readonly isForFile: boolean;
}

/** What the user does next with a message that was sent. */
type Next = "again" | "change" | "done";

interface Choice extends vscode.QuickPickItem {
  readonly draft?: Draft;
  readonly reply?: SentMessage;
}

interface Action extends vscode.QuickPickItem {
  readonly run?: () => Next | Promise<Next>;
}

/** A step that is on the screen. */
type Step = vscode.QuickPick<Choice> | vscode.QuickPick<Action> | vscode.InputBox;

type Show = (step: Step | undefined) => void;

export class MessageSender implements vscode.Disposable {
  readonly #help: SendHelp;
  readonly #files = new DraftFiles((file) => this.#sendFile(file));
  #shown: Step | undefined;

  constructor(help: SendHelp) {
    this.#help = help;
  }

  /** The step on the screen, if there is one. */
  get shown(): Step | undefined {
    return this.#shown;
  }

  /** @returns whether anything was sent. */
  async send(target: ActorNode): Promise<boolean> {
    const name = nameOf(target);
    for (;;) {
      const chosen = await this.#choose(target, name);
      if (chosen === undefined) return false;
      const isSent = await this.#write(target, name, chosen);
      if (isSent !== "back") return isSent;
    }
  }

  /** Sends the message that is written in the active editor. @returns `undefined` where that is none. */
  async sendFromEditor(): Promise<boolean | undefined> {
    const file = this.#files.find(vscode.window.activeTextEditor?.document.uri);
    return file && this.#sendFile(file);
  }

  dispose(): void {
    this.#files.dispose();
  }

  /** Sends what is given, without a question. @returns what became of it. */
  async deliver(target: ActorNode, message: unknown): Promise<Outcome> {
    const { program, key } = target;
    const startedMs = performance.now();
    const passed = (): number => Math.round(performance.now() - startedMs);
    if (program.can("ask")) {
      const frame = { type: "ask", key, message, timeoutMs: Math.min(PATIENCE_MS, ASK_LIMITS.longest) } as const;
      return readAnswer(await program.request(frame, PATIENCE_MS + 5_000));
    }
    const reply = (await program.request({ type: "send", key, message })) as
      | { readonly accepted?: unknown }
      | undefined;
    return { outcome: reply?.accepted === false ? "refused" : "sent", ms: passed() };
  }

  readonly #show: Show = (step) => {
    this.#shown = step;
    step?.show();
  };

  /** The second step and the third, as often as the user likes. */
  async #write(target: ActorNode, name: string, chosen: Draft): Promise<boolean | "back"> {
    let draft = chosen;
    let hasSent = false;
    for (;;) {
      const typed = await type(draft, name, this.#show);
      if (typed === "back") return hasSent || "back";
      if (typed === undefined) return hasSent;
      draft = typed.draft;
      if (typed.isForFile) {
        await this.#files.open(draft, target, name);
        return hasSent;
      }
      const next = await this.#sendDraft(draft, target, name);
      if (next === undefined) continue;
      hasSent = true;
      if (next === "done") return true;
    }
  }

  /** @returns what is next; `undefined` when it was not sent: it is wrong, or the user would rather not. */
  async #sendDraft(draft: Draft, target: ActorNode, name: string): Promise<Next | undefined> {
    const { message, fault } = readDraft(draft);
    if (fault !== undefined || !(await this.#isConfirmed(draft, target, name))) return undefined;
    let next: Next = "again";
    while (next === "again") next = await this.#await(target, name, draft, message);
    return next;
  }

  async #sendFile(file: DraftFile): Promise<boolean> {
    const { document, target } = file;
    const draft = draftIn(file);
    const { fault } = readDraft(draft);
    if (fault !== undefined) void vscode.window.showErrorMessage(plain(fault));
    const next = await this.#sendDraft(draft, target, nameOf(target));
    if (next === "change") await vscode.window.showTextDocument(document);
    return next !== undefined;
  }

  async #choose(target: ActorNode, name: string): Promise<Draft | undefined> {
    const pick = vscode.window.createQuickPick<Choice>();
    pick.title = say("Send Message to {0} (1/2)", name);
    pick.placeholder = say("Message type, or JSON");
    pick.matchOnDescription = pick.matchOnDetail = true;
    pick.ignoreFocusOut = true;
    const recent = this.#help.sent.of(actorOf(target));
    let known: ActorMessages | undefined;
    const draw = (): void => {
      const typed = pick.value.trimStart();
      const direct = /^[{["]/.test(typed) ? [jsonChoice(typed, say("Send This"), name)] : [];
      pick.items = [
        ...direct,
        ...recentChoices(recent, known),
        ...formChoices(known),
        jsonChoice(EMPTY, say("As JSON…"), name),
      ];
    };
    draw();
    pick.busy = true;
    void this.#help.messagesOf(target).then((messages) => {
      known = messages;
      pick.busy = false;
      draw();
    });
    pick.onDidChangeValue(draw);
    pick.onDidTriggerItemButton(({ item }) => item.reply && openReply(item.reply));
    return chosenFrom(pick, this.#show, ({ draft }) => draft);
  }

  /** Nobody has checked it: the actor may crash on it. */
  async #isConfirmed({ form }: Draft, target: ActorNode, name: string): Promise<boolean> {
    if (form !== undefined || !settings().confirmActions) return true;
    const button = say("Send");
    const choice = await vscode.window.showWarningMessage(
      say("Send {0} a message that is not checked?", plain(name)),
      { modal: true, detail: say("{0} may crash on it. {1}", name, this.#help.riskOf(target)) },
      button,
    );
    return choice === button;
  }

  /** The third step: waits with the user, and shows what comes. */
  async #await(target: ActorNode, name: string, draft: Draft, message: unknown): Promise<Next> {
    const { log, sent } = this.#help;
    const word = tagIn(draft.text) ?? say("the message");
    const pick = vscode.window.createQuickPick<Action>();
    pick.placeholder = say("Type to filter");
    pick.ignoreFocusOut = true;
    pick.busy = true;
    const startedMs = Date.now();
    const wait = (): void => {
      const { depth } = target.program.tree.row(target.key)?.mailbox ?? { depth: 0 };
      const passed = wholeSeconds(Date.now() - startedMs);
      pick.title = say("{0} is sent, {1} has not replied for {2}", iconless(word), name, passed);
      pick.items = [
        { label: withIcon("loading~spin", say("waiting for the reply")), description: before(depth) },
        { label: withIcon("watch", say("Explain What It Waits For")), run: explainer(target) },
      ];
    };
    const clock = setInterval(wait, 1_000);
    wait();
    const note = sent.add(actorOf(target), draft.text, startedMs);
    void this.deliver(target, message)
      .catch((error: Error): Outcome => ({ outcome: "failed", ms: Date.now() - startedMs, text: error.message }))
      .then((outcome) => {
        clearInterval(clock);
        note(outcome);
        log.info(`${plain(word)} to ${name}: ${outcome.outcome} after ${outcome.ms} ms`);
        pick.busy = false;
        pick.title = iconless(outcomeTitle(outcome, name, word));
        pick.items = [resultItem(outcome, word, target), ...furtherItems(outcome, draft)];
      });
    try {
      return (await chosenFrom(pick, this.#show, ({ run }) => run?.())) ?? "done";
    } finally {
      clearInterval(clock);
    }
  }
}

/** The second step. @returns what was typed; `undefined` when the user has changed their mind. */
function type(draft: Draft, name: string, show: Show): Promise<Typed | "back" | undefined> {
  const { form } = draft;
  const word = tagIn(draft.text);
  const box = vscode.window.createInputBox();
  box.title = word ? say("Send {0} to {1} (2/2)", word, name) : say("Send Message to {0} (2/2)", name);
  box.prompt = form ? fieldsOf(form, undefined) : say("Not checked: {0} may crash on it.", name);
  box.value = draft.text;
  box.valueSelection = firstGap(draft.text);
  const asFile = { iconPath: new vscode.ThemeIcon("edit"), tooltip: say("Edit as a File, with Completion") };
  box.buttons = [vscode.QuickInputButtons.Back, asFile];
  box.ignoreFocusOut = true;
  const check = (): boolean => {
    const { fault } = readDraft({ text: box.value, form });
    box.validationMessage = fault;
    return fault === undefined;
  };
  const impossible = form && impossibleIn(form.shape);
  if (impossible) check();
  box.onDidChangeValue(check);
  return new Promise((resolve) => {
    let result: Typed | "back" | undefined;
    const typed = (isForFile: boolean): Typed => ({ draft: { text: box.value, form }, isForFile });
    const leave = (with_: typeof result): void => {
      result = with_;
      box.hide();
    };
    box.onDidAccept(() => check() && leave(typed(false)));
    box.onDidTriggerButton((button) => leave(button === asFile ? typed(true) : "back"));
    box.onDidHide(() => {
      show(undefined);
      box.dispose();
      resolve(result);
    });
    show(box);
  });
}

/** Shows a list until something in it is chosen that leads on. @returns `undefined` when the user has changed their mind. */
function chosenFrom<I extends vscode.QuickPickItem, R>(
  pick: vscode.QuickPick<I>,
  show: Show,
  chosen: (item: I) => R | Promise<R | undefined> | undefined,
): Promise<R | undefined> {
  return new Promise((resolve) => {
    let result: R | undefined;
    pick.onDidAccept(async () => {
      const [item] = pick.selectedItems;
      result = item && (await chosen(item));
      if (result !== undefined) pick.hide();
    });
    pick.onDidHide(() => {
      show(undefined);
      pick.dispose();
      resolve(result);
    });
    show(pick as unknown as Step);
  });
}

function recentChoices(recent: readonly SentMessage[], known: ActorMessages | undefined): readonly Choice[] {
  if (recent.length === 0) return [];
  const items = recent.map((reply): Choice => {
    const { text, at, outcome } = reply;
    const ago = wholeSeconds(Math.max(1_000, Date.now() - at));
    const became = outcome && outcomeTitle(outcome, say("it"), tagIn(text, known?.discriminant) ?? "");
    return {
      label: withIcon("history", tagIn(text, known?.discriminant) ?? say("JSON")),
      description: [say("sent {0} ago", ago), became].filter((part) => part !== undefined).join(" · "),
      detail: iconless(text),
      draft: { text, form: formOf(text, known) },
      ...(outcome?.outcome === "replied" && {
        reply,
        buttons: [{ iconPath: new vscode.ThemeIcon("open-preview"), tooltip: say("Show Reply") }],
      }),
    };
  });
  return [{ label: say("Sent Before"), kind: vscode.QuickPickItemKind.Separator }, ...items];
}

function formChoices(known: ActorMessages | undefined): readonly Choice[] {
  if (!known) return [];
  const { discriminant } = known;
  return [
    { label: known.name, kind: vscode.QuickPickItemKind.Separator },
    ...known.messages.map((form) => formChoice(form, discriminant)),
  ];
}

function formChoice(form: MessageForm, discriminant: string | undefined): Choice {
  const impossible = impossibleIn(form.shape);
  const asks = form.reply === undefined ? undefined : say("a question, replies {0}", form.reply);
  const why = impossible && say("cannot be typed: {0} is {1}", impossible.at || say("it"), impossible.what);
  const icon = impossible ? "circle-slash" : form.reply === undefined ? "mail" : "question";
  return {
    label: withIcon(icon, tagOf(form, discriminant)),
    description: iconless([asks, why].filter((part) => part !== undefined).join(" · ")),
    detail: iconless(fieldsOf(form, discriminant)),
    draft: { text: jsonOf(skeletonOf(form.shape)), form },
  };
}

function jsonChoice(text: string, label: string, name: string): Choice {
  return {
    label: withIcon("json", label),
    description: say("not checked: {0} may crash on it", name),
    alwaysShow: true,
    draft: { text, form: undefined },
  };
}

function resultItem(outcome: Outcome, word: string, target: ActorNode): Action {
  const { icon, label, description, detail } = outcomeLine(outcome, word);
  const goes = hasCrashed(outcome);
  const texts = {
    label: withIcon(icon, label),
    description: iconless(description),
    detail: goes ? say("Enter opens the line.") : iconless(detail),
  };
  if (goes)
    return {
      ...texts,
      run: () => afterwards(vscode.commands.executeCommand("airssys.goToCrash", target)),
    };
  return { ...texts, run: () => (outcome.outcome === "replied" ? openReply({ outcome }) : "done") };
}

function furtherItems(outcome: Outcome, { text }: Draft): readonly Action[] {
  const copied = outcome.outcome === "replied" ? JSON.stringify(outcome.payload, undefined, 2) : text;
  return [
    { label: withIcon("edit", say("Change and Send Again")), run: () => "change" },
    { label: withIcon("refresh", say("Send Again")), run: () => "again" },
    {
      label: withIcon("copy", outcome.outcome === "replied" ? say("Copy Reply") : say("Copy Message")),
      run: () => afterwards(vscode.env.clipboard.writeText(copied)),
    },
  ];
}

/** As a document, in which it can be read, searched and kept. */
async function openReply({ outcome }: Pick<SentMessage, "outcome">): Promise<Next> {
  if (outcome?.outcome !== "replied") return "done";
  const content = JSON.stringify(outcome.payload, undefined, 2);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "json", content }));
  return "done";
}

function explainer(target: ActorNode): () => Promise<Next> {
  return () => afterwards(vscode.commands.executeCommand("airssys.explainWait", target));
}

async function afterwards(what: Thenable<unknown>): Promise<Next> {
  await what;
  return "done";
}

function before(depth: number): string {
  if (depth === 0) return "";
  return depth === 1 ? say("1 message waits there") : say("{0} messages wait there", depth);
}

function nameOf({ program, key }: ActorNode): string {
  return iconless(program.tree.row(key)?.id ?? key);
}

function actorOf({ program, key }: ActorNode): string {
  return `${program.id}\n${program.tree.row(key)?.path ?? key}`;
}
