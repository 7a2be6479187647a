/** The causal call stack: the stack of a handler goes on into whoever sent the message, over as many messages as the debugger keeps. */
import type { Letter } from "../environment/letter.ts";
import type { Task, Trace } from "../environment/trace.ts";
import { typeOf } from "../values/errors.ts";
import { nameText } from "./rows.ts";

type CreateTask = (name: string) => Task;

/** V8's, while the console is the one that has it. */
function createTask(): CreateTask | undefined {
  const { createTask: create } = console as { createTask?: unknown };
  return typeof create === "function" ? (name) => Reflect.apply(create, console, [name]) as Task : undefined;
}

export class Causes implements Trace {
  readonly #create: CreateTask | undefined = createTask();
  readonly #tasks = new WeakMap<Letter, Task>();

  sent(letter: Letter): void {
    const { sender } = letter;
    const from = sender === undefined ? "outside" : lastPart(sender.id);
    const task = this.#create?.(nameText(`message ${typeOf(letter.message) ?? "without a type"} from ${from}`));
    if (task !== undefined) this.#tasks.set(letter, task);
  }

  begins(letter: Letter): Task | undefined {
    return this.#tasks.get(letter);
  }

  returned(): void {}

  ended(): void {}
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
