/** Actors made of a function, for tests that say one thing each. */
import { Actor, type ActorContext, type ExitReason, type Signal, type Start } from "airssys-rt";

export interface Callbacks<M> {
  readonly preStart?: (context: ActorContext<M>) => void | Promise<void>;
  readonly handleSignal?: (signal: Signal, context: ActorContext<M>) => void;
  readonly postStop?: (context: ActorContext<M>, reason: ExitReason) => void | Promise<void>;
}

const AsyncFunction = (async () => {}).constructor;

/** A start function of actors that handle messages with `handle`; declared async if that is. */
export function actor<M>(
  handle: (message: M, context: ActorContext<M>) => unknown,
  { preStart, handleSignal, postStop }: Callbacks<M> = {},
): Start<M> {
  return () => {
    class Made extends Actor<M> {
      override handleMessage(message: M, context: ActorContext<M>): void | Promise<void> {
        return handle(message, context) as void | Promise<void>;
      }
    }
    class MadeAsync extends Actor<M> {
      override async handleMessage(message: M, context: ActorContext<M>): Promise<void> {
        await handle(message, context);
      }
    }
    const made: Actor<M> = handle instanceof AsyncFunction ? new MadeAsync() : new Made();
    if (preStart !== undefined) made.preStart = preStart;
    if (handleSignal !== undefined) made.handleSignal = handleSignal;
    if (postStop !== undefined) made.postStop = postStop;
    return made;
  };
}

/** A promise and what fulfils it. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** The messages of most of these tests: a word. */
export interface Word {
  readonly type: string;
}

export const word = (type: string): Word => ({ type });
