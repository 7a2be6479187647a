/** Finding other actors by their registered names. */
import type { ActorRef, AnyActorContext } from "airssys-rt";

/** A service has no running actor right now; its supervisor is busy with it. */
export class ServiceUnavailable extends Error {
  override readonly name = "ServiceUnavailable";
  constructor(service: string) {
    super(`${service} is not running right now`);
  }
}

/** @throws {ServiceUnavailable} when no actor has that name. */
export function lookup<M>(context: AnyActorContext, name: string): ActorRef<M> {
  const ref = context.whereis<M>(name);
  if (ref === undefined) throw new ServiceUnavailable(name);
  return ref;
}
