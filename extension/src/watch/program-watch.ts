/** The commands *Watch a Running Program…* and *Stop Watching*: which program, what the user is asked, and what is said when it ends. */
import * as vscode from "vscode";
import { register } from "../commands.ts";
import { tellWindow } from "../context-keys.ts";
import { addressText, readAddress } from "../inspect/inspector-address.ts";
import { WatchError } from "../inspect/watch-error.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import type { Node } from "../programs/node.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import { counted, say } from "../sentence.ts";
import { iconless, plain, withIcon } from "../text.ts";
import type { SupervisionView } from "../tree/view.ts";
import { KnownHosts } from "./known-hosts.ts";
import type { NodeProcess } from "./node-process.ts";
import { MACHINE, type Watch, Watching, type WatchTarget } from "./watching.ts";

interface Choice extends vscode.QuickPickItem {
  readonly target?: WatchTarget;
}

/** What tests reach. */
export interface ProgramWatch extends vscode.Disposable {
  readonly watching: Watching;
}

export function registerWatching(
  log: Log,
  programs: Programs,
  view: SupervisionView,
  { globalState, extensionPath }: Pick<vscode.ExtensionContext, "globalState" | "extensionPath">,
): ProgramWatch {
  const hosts = new KnownHosts(globalState, askToReach);
  const consent = { mayOpen, mayReach: (host: string) => hosts.mayReach(host) };
  const watching = new Watching(programs, consent);
  watching.on("changed", () => {
    void tellWindow("airssys.isWatching", watching.all.length > 0);
  });
  watching.on("ended", (ended, fault) => void tellEnded(watching, ended, fault?.message));
  watching.on("expired", (watches) => void tellExpired(watches));
  const registered = vscode.Disposable.from(
    register(log, "airssys.watchProgram", async (given) => {
      const target = given === undefined ? await choose(programs, extensionPath) : targetOf(given);
      return target && (await watch(log, watching, view, target))?.title;
    }),
    register(log, "airssys.stopWatching", (node) => stop(watching, node)),
  );
  const dispose = (): void => {
    registered.dispose();
    watching.close();
  };
  return { watching, dispose };
}

async function watch(
  log: Log,
  watching: Watching,
  view: SupervisionView,
  target: WatchTarget,
): Promise<Program | undefined> {
  const options = { location: { viewId: "airssys.supervision" } };
  const program = await vscode.window.withProgress(options, () => watching.watch(target));
  if (program === undefined) return undefined;
  log.info(`${program.title} (pid ${program.hello.pid}) is watched, read only`);
  await view.show();
  return program;
}

/** A number is a process, a text an address. @throws {WatchError} */
function targetOf(given: unknown): WatchTarget {
  if (typeof given === "number" && Number.isSafeInteger(given) && given > 0) return { kind: "process", pid: given };
  return { kind: "address", address: readAddress(String(given)) };
}

async function choose(programs: Programs, extensionPath: string): Promise<WatchTarget | undefined> {
  const title = say("Watch a Running Program");
  const placeHolder = say("In types and numbers, read only: it cannot be paused");
  const options = { title, placeHolder, matchOnDescription: true, matchOnDetail: true };
  const choice = await vscode.window.showQuickPick(choices(programs, extensionPath), options);
  if (choice === undefined) return undefined;
  return choice.target ?? askAddress(title);
}

async function choices(programs: Programs, extensionPath: string): Promise<readonly Choice[]> {
  const byAddress: Choice = {
    label: withIcon("plug", say("Host and Port…")),
    description: say("a program in a container, by the port it forwards, or on another machine"),
    alwaysShow: true,
  };
  const shown = new Set(programs.all.map(({ hello }) => hello.pid));
  const found = (await MACHINE.processes()).filter(
    ({ pid, words }) => !shown.has(pid) && !isOfEditor(words, extensionPath),
  );
  const [able, others] = [found.filter(({ hasActors }) => hasActors), found.filter(({ hasActors }) => !hasActors)];
  const under = (label: string, some: readonly NodeProcess[]): Choice[] =>
    some.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...some.map(choiceOf)];
  return [
    byAddress,
    ...under(say("Node programs with airssys-rt"), able),
    ...under(say("other Node programs"), others),
  ];
}

function choiceOf({ pid, title, words }: NodeProcess): Choice {
  return {
    label: withIcon("server-process", title),
    description: say("pid {0}", pid),
    detail: iconless(words.join(" ")).slice(0, 300),
    target: { kind: "process", pid },
  };
}

/** VS Code and its extensions are Node programs, too. */
function isOfEditor(words: readonly string[], extensionPath: string): boolean {
  const isWithin = (word: string): boolean => word.startsWith(vscode.env.appRoot) || word.startsWith(extensionPath);
  return words.some((word) => isWithin(word) || /--type=\w+|[\\/]\.vscode(-server)?[\\/]/.test(word));
}

async function askAddress(title: string): Promise<WatchTarget | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: say("Where its inspector listens: host:port. Of a container, the port that it forwards to 9229."),
    placeHolder: "127.0.0.1:9229",
    validateInput: (value) => (value.trim() === "" ? undefined : faultIn(value)),
  });
  return text === undefined || text.trim() === "" ? undefined : { kind: "address", address: readAddress(text) };
}

function faultIn(text: string): string | undefined {
  try {
    readAddress(text);
    return undefined;
  } catch (error) {
    if (error instanceof WatchError) return error.message;
    throw error;
  }
}

async function mayOpen({ title, pid }: NodeProcess): Promise<boolean> {
  const open = say("Open Inspector");
  const question = say("Open the inspector of {0} (pid {1})?", plain(title), pid);
  const detail = say(
    "It is closed, and the program is watched through it. It gets the signal SIGUSR1; should it have a listener for that, the listener runs instead. While it is open, every program of this machine that reaches its port can run code in it. It is closed again when the watch ends.",
  );
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, open)) === open;
}

async function askToReach(host: string): Promise<boolean> {
  const connect = say("Connect");
  const question = say("Watch a program on {0}?", plain(host));
  const detail = say(
    "An inspector knows no password and no encryption: whoever is on the way can read what is told, and run code in the program. Connect only through a network that you trust, or a tunnel such as ssh -L. This is asked once for each host.",
  );
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, connect)) === connect;
}

/** Without a row the only one, else those that the user chooses. */
async function stop(watching: Watching, node: Node | undefined): Promise<void> {
  const programs = watching.all.map(({ program }) => program);
  const given = node?.kind === "program" ? programs.find((one) => one === node.program) : undefined;
  const program = given ?? (programs.length > 1 ? await chooseWatched(programs) : programs[0]);
  if (program !== undefined) watching.stop(program);
  else if (programs.length === 0) tell(say("no program is watched."));
}

async function chooseWatched(programs: readonly Program[]): Promise<Program | undefined> {
  const items = programs.map((program) => ({
    label: withIcon("eye", program.title),
    description: iconless(program.detail),
    program,
  }));
  return (await vscode.window.showQuickPick(items, { title: say("Stop Watching") }))?.program;
}

async function tellEnded(watching: Watching, ended: Watch, fault: string | undefined): Promise<void> {
  const { program, target } = ended;
  const name = say("{0} (pid {1})", plain(program.title), program.hello.pid);
  const again = fault === undefined ? say("Watch the Next One") : say("Watch Again");
  const text =
    fault === undefined
      ? say("Airssys: {0}, which was watched, has ended.", name)
      : say("Airssys: {0} is watched no more: {1}.", name, plain(fault));
  if ((await vscode.window.showInformationMessage(text, again)) !== again) return;
  const next = fault === undefined ? await awaitNext(watching, ended) : target;
  if (next !== undefined) await watchAgain(next);
}

/** Until it has been started again, or the user has waited long enough. */
function awaitNext(watching: Watching, ended: Watch): Thenable<WatchTarget | undefined> {
  const what =
    ended.process === undefined && ended.target.kind === "address"
      ? addressText(ended.target.address)
      : ended.program.title;
  const title = say("Waiting for the next {0}", plain(what));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (_progress, token) => {
    const giveUp = new AbortController();
    token.onCancellationRequested(() => giveUp.abort());
    return watching.next(ended, giveUp.signal);
  });
}

async function tellExpired(watches: readonly Watch[]): Promise<void> {
  const names = watches.map(({ program }) => program.title).join(", ");
  const again = say("Watch Again");
  const text = counted(
    watches.length,
    "Airssys: {1} is watched no more: nobody has looked for 10 minutes.",
    "Airssys: {1} are watched no more: nobody has looked for 10 minutes.",
    plain(names),
  );
  if ((await vscode.window.showInformationMessage(text, again)) !== again) return;
  for (const { target } of watches) await watchAgain(target);
}

async function watchAgain(target: WatchTarget): Promise<void> {
  const given = target.kind === "process" ? target.pid : addressText(target.address);
  await vscode.commands.executeCommand("airssys.watchProgram", given);
}
