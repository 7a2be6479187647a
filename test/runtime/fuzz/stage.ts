/** What the fuzzed calls are made on: a small system under virtual time, thrown away when a call has damaged it. */
import {
  Actor,
  type ActorContext,
  ActorPool,
  type ActorRef,
  ActorSystem,
  type AnyActorRef,
  type Ask,
  supervisor,
} from "airssys-rt";
import { VirtualClock } from "airssys-rt/testing";

type Work = (context: ActorContext<Task>) => unknown;
type Task = Ask<{ readonly type: "work"; readonly work: Work }, unknown> | Ask<{ readonly type: "ping" }, number>;

class Worker extends Actor<Task> {
  override handleMessage(task: Task, context: ActorContext<Task>): void {
    if (task?.type === "work") task.work(context);
    else if (task?.type === "ping") context.reply(1 as never);
  }
}

/** Everything that can follow without time passing has followed. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export class Stage {
  readonly clock: VirtualClock = new VirtualClock({ settle });
  readonly pool: ActorPool<Task> = new ActorPool<Task>({ size: 2, start: () => new Worker() });
  system!: ActorSystem;
  /** A worker nobody restarts. */
  worker!: ActorRef<Task>;
  /** A supervisor with a child `w`, and one with a template. */
  sup!: AnyActorRef;
  many!: AnyActorRef;

  static async open(): Promise<Stage> {
    const stage = new Stage();
    const start = (): Worker => new Worker();
    stage.system = await ActorSystem.start({
      name: "fuzz",
      root: supervisor({
        maxRestarts: 1_000,
        children: [
          { id: "sup", start: supervisor({ maxRestarts: 1_000, children: [{ id: "w", start }] }) },
          {
            id: "many",
            start: supervisor({ strategy: "simple_one_for_one", maxRestarts: 1_000, children: [{ id: "t", start }] }),
          },
          { id: "pool", start: stage.pool.definition },
        ],
      }),
      clock: stage.clock,
      random: () => 0.5,
      logger: false,
    });
    stage.worker = stage.system.spawn<Task>(start);
    stage.sup = stage.system.whereis("sup") as AnyActorRef;
    stage.many = stage.system.whereis("many") as AnyActorRef;
    await settle();
    return stage;
  }

  /** Calls back within a turn of the worker that was asked. */
  inTurn(work: Work): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const guarded = (context: ActorContext<Task>): void => {
        try {
          resolve(work(context));
        } catch (error) {
          reject(error);
        }
      };
      // How the question itself ends is not looked at.
      (this.worker.ask({ type: "work", work: guarded }) as Promise<unknown>).catch(() => {});
    });
  }

  /** Whether everything is as it was: nobody has ended, and the worker answers. */
  async isWhole(): Promise<boolean> {
    const { worker, system, sup, many } = this;
    if (!worker.isAlive || !sup.isAlive || !many.isAlive || this.pool.workers.length !== 2) return false;
    if (system.health.status !== "up") return false;
    let answer: unknown;
    worker.ask({ type: "ping" }).then(
      (value) => {
        answer = value;
      },
      () => {},
    );
    await settle();
    return answer === 1;
  }

  /** Ends it. @returns whether that came to an end. */
  async close(): Promise<boolean> {
    let hasEnded = false;
    void this.system.stop().then(() => {
      hasEnded = true;
    });
    await this.clock.advance(60_000);
    await settle();
    return hasEnded;
  }
}
