/** Conditions on messages as people write them: which tell variants apart, and which do not. */
import { test } from "node:test";
import { checkClean, checkFix, checkRule } from "../fixture.ts";

const RULES = ["unhandled-message", "unreachable-handler"];
const check = (text: string): void => checkRule(text, RULES);
const checkNothing = (text: string): void => checkClean(text, RULES);

const PROTOCOL = `type Message =
      | { readonly type: "noise"; readonly epoch: number; readonly label?: undefined }
      | { readonly type: "value"; readonly epoch: number; readonly label: string }
      | { readonly type: "end"; readonly epoch: number; readonly label?: undefined };`;

test("a variant that a condition names to leave it out is not forgotten", () => {
  checkNothing(`
    ${PROTOCOL}
    class Unequal extends Actor<Message> {
      #n = 0;
      override handleMessage(message: Message): void {
        if (message.type !== "noise") this.#n++;
      }
    }
    class Negated extends Actor<Message> {
      #n = 0;
      override handleMessage({ type }: Message): void {
        if (!(type === "noise" || type === "end")) this.#n++;
      }
    }
    class Listed extends Actor<Message> {
      #n = 0;
      override handleMessage(message: Message): void {
        if (!["noise", "end"].includes(message.type)) this.#n++;
      }
    }
  `);
});

test("a condition kept in a constant is followed", () => {
  check(`
    ${PROTOCOL}
    class Complete extends Actor<Message> {
      #n = 0;
      override handleMessage(message: Message): void {
        const isInteresting = message.type === "value" || message.type === "end";
        if (isInteresting) this.#n++;
        if (message.type === "noise") console.log("noise");
      }
    }
    class Short extends Actor<Message> {
      #n = 0;
      override handleMessage(message: Message): void {
        const isValue = message.type === "value";
        if (isValue) {
        //  ^^^^^^^ unhandled-message: "end" is not handled
          this.#n++;
        } else if (message.type === "noise") console.log("noise");
      }
    }
  `);
});

test("what was made of the message may tell variants apart", () => {
  checkNothing(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      #n = 0;
      override handleMessage(message: Message): void {
        const isTop = message.type.startsWith("v");
        const { label } = message;
        if (isTop) this.#n++;
        if (label !== undefined) this.#n++;
        if (message.type === "noise") console.log("noise");
      }
    }
  `);
});

test("a condition on what all variants have does not tell them apart", () => {
  check(`
    ${PROTOCOL}
    class Direct extends Actor<Message> {
      #epoch = 0;
      override handleMessage(message: Message, context: ActorContext<Message>): void {
        if (message.epoch < this.#epoch) return;
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: "value" is not handled
          case "noise":
            break;
          case "end":
            context.stop();
        }
      }
    }
    class Taken extends Actor<Message> {
      #epoch = 0;
      override handleMessage(message: Message, context: ActorContext<Message>): void {
        const { epoch } = message;
        if (epoch < this.#epoch) {
          console.warn("late", message.type);
          return;
        }
        if (message.type === "end") context.stop();
        //  ^^^^^^^^^^^^^^^^^^^^^^ unhandled-message: "noise" and "value" are not handled
      }
    }
    class Closed extends Actor<Message> {
      #isClosed = false;
      override handleMessage(message: Message): void {
        if (this.#isClosed) {
          console.warn("closed", message.type);
          return;
        }
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: "end" and "noise" are not handled
          case "value":
            this.#isClosed = true;
        }
      }
    }
  `);
});

test("what a message does, or what its class fixes, may tell variants apart", () => {
  checkNothing(`
    type Side = "top" | "bottom" | "top-left";
    class Handle extends Actor<Side> {
      #n = 0;
      override handleMessage(side: Side): void {
        const isTop = side.includes("top");
        if (isTop) this.#n++;
        if (side.startsWith("bo")) this.#n--;
        if (side === "bottom") console.log("bottom");
      }
    }
    abstract class Job { readonly isUrgent: boolean = false; get size(): number { return 1; } isDue(): boolean { return true; } }
    class Alarm extends Job { override readonly isUrgent: boolean = true; override get size(): number { return 9; } }
    class Chore extends Job { readonly what = ""; override isDue(): boolean { return false; } }
    class Errand extends Job { readonly where = ""; }
    class Desk extends Actor<Alarm | Chore | Errand> {
      #n = 0;
      override handleMessage(job: Alarm | Chore | Errand): void {
        if (job.isUrgent) this.#n++;
        if (job instanceof Chore) console.log(job.what);
      }
    }
    class Scale extends Actor<Alarm | Chore | Errand> {
      #n = 0;
      override handleMessage(job: Alarm | Chore | Errand): void {
        if (job.size > 3) this.#n++;
        if (job instanceof Chore) console.log(job.what);
      }
    }
    class Clock extends Actor<Alarm | Chore | Errand> {
      #n = 0;
      override handleMessage(job: Alarm | Chore | Errand): void {
        if (job.isDue()) this.#n++;
        if (job instanceof Chore) console.log(job.what);
      }
    }
    type Asked = { readonly type: "a"; readonly test: () => boolean } | { readonly type: "b"; readonly test: () => boolean };
    class Tester extends Actor<Asked> {
      #n = 0;
      override handleMessage(message: Asked): void {
        if (message.test()) this.#n++;
        if (message.type === "a") console.log("a");
      }
    }
  `);
});

test("an actor that takes messages in one of its states only is left alone", () => {
  checkNothing(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      #isOpen = false;
      override handleMessage(message: Message): void {
        if (this.#isOpen) {
          if (message.type === "end") this.#isOpen = false;
          return;
        }
        if (message.epoch > 3) {
          switch (message.type) {
            case "end":
            case "noise":
              return;
          }
        }
        switch (message.type) {
          case "noise":
            return;
          case "value":
            this.#isOpen = true;
        }
      }
    }
  `);
});

test("an actor that gives messages to other code in one of its states is left alone", () => {
  checkNothing(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      #next: ActorRef<Message> | undefined;
      override handleMessage(message: Message): void {
        if (this.#next !== undefined) {
          this.#next.tell(message);
          return;
        }
        switch (message.type) {
          case "noise":
          case "end":
            return;
        }
      }
    }
  `);
});

test("the fix of a condition without a comparison compares the discriminant", () => {
  checkFix(
    `
    type Message = { type: "get" } | { type: "put" };
    declare function isGet(message: Message): message is { type: "get" };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (isGet(message)) {
          console.log("get");
        }
      }
    }
    `,
    `
    type Message = { type: "get" } | { type: "put" };
    declare function isGet(message: Message): message is { type: "get" };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (isGet(message)) {
          console.log("get");
        } else if (message.type === "put") {
          throw new Error("put is not handled yet");
        }
      }
    }
    `,
  );
});

test("a type guard for a part of a class that is itself a variant decides nothing", () => {
  checkNothing(`
    abstract class Track { abstract readonly kind: "audio" | "video" }
    class Audio extends Track { readonly kind = "audio"; volume = 1 }
    class Video extends Track { readonly kind = "video"; width = 1 }
    class Remote extends Track { readonly kind = "audio"; host = "" }
    declare function isAudio(track: Track): track is Audio | Remote;
    declare function isVideo(track: Track): track is Video;
    class A extends Actor<Track> {
      override handleMessage(track: Track): void {
        if (isAudio(track)) console.log("audio");
        if (isVideo(track)) console.log("video");
      }
    }
  `);
});

test("a type guard for what any variant may have decides nothing", () => {
  checkNothing(`
    type Message = { readonly type: "read"; readonly key: string } | { readonly type: "flush" };
    declare function hasKey(value: object): value is { readonly key: string };
    declare function isLoud(value: object): value is { readonly volume: number };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (hasKey(message)) console.log("key");
        else if (isLoud(message)) console.log("loud");
      }
    }
  `);
});

test("a class that is a variant of its own is not its base class", () => {
  check(`
    class Start {}
    class Stop { readonly reason = "" }
    class Pause extends Stop { readonly forMs = 5 }
    type Message = Start | Stop | Pause;
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message instanceof Pause) console.log("pause");
        //  ^^^^^^^^^^^^^^^^^^^^^^^^ unhandled-message: Start and Stop are not handled
      }
    }
    class B extends Actor<Start | Stop> {
      override handleMessage(message: Start | Stop): void {
        if (message instanceof Pause) console.log("pause");
        //  ^^^^^^^^^^^^^^^^^^^^^^^^ unhandled-message: Start is not handled
      }
    }
  `);
});

test("a property with the same values in all variants is no discriminant", () => {
  check(`
    class Start { readonly isUrgent: boolean = true; readonly at = 1 }
    class Stop { readonly isUrgent: boolean = false; readonly why = "" }
    class A extends Actor<Start | Stop> {
      override handleMessage(message: Start | Stop): void {
        if (message instanceof Start) console.log(message.at);
        //  ^^^^^^^^^^^^^^^^^^^^^^^^ unhandled-message: Stop is not handled
      }
    }
    type Message = { readonly isUrgent: boolean; readonly op: "get" } | { readonly isUrgent: boolean; readonly op: "put" };
    class B extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message.op === "get") console.log("get");
        //  ^^^^^^^^^^^^^^^^^^^^ unhandled-message: "put" is not handled
      }
    }
  `);
});
