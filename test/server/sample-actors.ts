/** The smallest actor with a fault, and the same without it. */

/** Says of `"b"` that it is not handled. */
export const BAD: string = `import { Actor } from "airssys-rt";
type Message = { type: "a" } | { type: "b" };
export class A extends Actor<Message> {
  override handleMessage(message: Message): void {
    switch (message.type) {
      case "a":
        break;
    }
  }
}
`;

export const GOOD: string = BAD.replace('case "a":', 'case "b":\n      case "a":');

/** Has one error, whose fix is safe. */
export const FIXABLE: string = `import { Actor, supervisor } from "airssys-rt";
class Worker extends Actor<{ type: "go" }> { override handleMessage(): void {} }
const start = () => new Worker();
export const root = supervisor({
  strategy: "one_for_al" as any,
  children: [{ id: "db", start }],
});
`;
