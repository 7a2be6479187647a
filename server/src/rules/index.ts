/** All rules, in the order of their numbers. */

import { rule as ambiguousDiscriminant } from "./ambiguous-discriminant.ts";
import { rule as askBeforeStart } from "./ask-before-start.ts";
import { rule as askCycle } from "./ask-cycle.ts";
import { rule as askTimeoutExceedsOuter } from "./ask-timeout-exceeds-outer.ts";
import { rule as awaitedOwnStop } from "./awaited-own-stop.ts";
import { rule as blockingCallInHandler } from "./blocking-call-in-handler.ts";
import { rule as checkThenAct } from "./check-then-act.ts";
import { rule as childlessSupervisor } from "./childless-supervisor.ts";
import { rule as childrenOutOfOrder } from "./children-out-of-order.ts";
import { rule as directActorCall } from "./direct-actor-call.ts";
import { rule as doubleReply } from "./double-reply.ts";
import { rule as droppedReply } from "./dropped-reply.ts";
import { rule as duplicateChildId } from "./duplicate-child-id.ts";
import { rule as duplicateRegisteredName } from "./duplicate-registered-name.ts";
import { rule as duplicateRuntime } from "./duplicate-runtime.ts";
import { rule as escapedContext } from "./escaped-context.ts";
import { rule as exitSignalNeverDelivered } from "./exit-signal-never-delivered.ts";
import { rule as floatingAsk } from "./floating-ask.ts";
import { rule as floatingPromiseInHandler } from "./floating-promise-in-handler.ts";
import { rule as globalTimerInActor } from "./global-timer-in-actor.ts";
import { rule as hiddenMessageVariants } from "./hidden-message-variants.ts";
import { rule as ineffectiveRestartIntensity } from "./ineffective-restart-intensity.ts";
import { rule as inheritedEnvironment } from "./inherited-environment.ts";
import { rule as invalidAskTimeout } from "./invalid-ask-timeout.ts";
import { rule as invalidRestartIntensity } from "./invalid-restart-intensity.ts";
import { rule as invalidSignificantChild } from "./invalid-significant-child.ts";
import { rule as invalidSupervisorSpec } from "./invalid-supervisor-spec.ts";
import { rule as leakedActorState } from "./leaked-actor-state.ts";
import { rule as lookupBeforeStart } from "./lookup-before-start.ts";
import { rule as lostNextState } from "./lost-next-state.ts";
import { rule as lostRegistration } from "./lost-registration.ts";
import { rule as messageContextOutlivesTurn } from "./message-context-outlives-turn.ts";
import { rule as messageNeverSent } from "./message-never-sent.ts";
import { rule as missingReply } from "./missing-reply.ts";
import { rule as monitorWithoutSignalHandler } from "./monitor-without-signal-handler.ts";
import { rule as mutationAfterSend } from "./mutation-after-send.ts";
import { rule as optionLikeArgument } from "./option-like-argument.ts";
import { rule as permanentOneShot } from "./permanent-one-shot.ts";
import { rule as processExitInActor } from "./process-exit-in-actor.ts";
import { rule as realTimeWaitInTest } from "./real-time-wait-in-test.ts";
import { rule as resourceNotReleased } from "./resource-not-released.ts";
import type { Rule } from "./rule.ts";
import { rule as selfAsk } from "./self-ask.ts";
import { rule as sendToStopped } from "./send-to-stopped.ts";
import { rule as sharedInitialState } from "./shared-initial-state.ts";
import { rule as sharedModuleState } from "./shared-module-state.ts";
import { rule as shellCommand } from "./shell-command.ts";
import { rule as skippedPostStop } from "./skipped-post-stop.ts";
import { rule as stashWithoutUnstash } from "./stash-without-unstash.ts";
import { rule as stateChangedOutsideTurn } from "./state-changed-outside-turn.ts";
import { rule as supervisorCycle } from "./supervisor-cycle.ts";
import { rule as swallowedCrash } from "./swallowed-crash.ts";
import { rule as temporaryDependency } from "./temporary-dependency.ts";
import { rule as testSystemNotStopped } from "./test-system-not-stopped.ts";
import { rule as timerKeyReused } from "./timer-key-reused.ts";
import { rule as uncloneablePayload } from "./uncloneable-payload.ts";
import { rule as ungrantedOperation } from "./ungranted-operation.ts";
import { rule as unhandledMessage } from "./unhandled-message.ts";
import { rule as unknownActorName } from "./unknown-actor-name.ts";
import { rule as unreachableHandler } from "./unreachable-handler.ts";
import { rule as unreleasedSubscription } from "./unreleased-subscription.ts";
import { rule as unrepeatableInput } from "./unrepeatable-input.ts";
import { rule as unsupervisedProcess } from "./unsupervised-process.ts";
import { rule as unsupervisedSpawn } from "./unsupervised-spawn.ts";
import { rule as untypedSend } from "./untyped-send.ts";
import { rule as unusedSuppression } from "./unused-suppression.ts";
import { rule as widenedContext } from "./widened-context.ts";
import { rule as widenedDiscriminant } from "./widened-discriminant.ts";
import { rule as writableExecutable } from "./writable-executable.ts";
import { rule as wrongProtocol } from "./wrong-protocol.ts";

export const RULES: readonly Rule[] = [
  unhandledMessage,
  hiddenMessageVariants,
  unreachableHandler,
  messageNeverSent,
  untypedSend,
  widenedDiscriminant,
  ambiguousDiscriminant,
  stashWithoutUnstash,
  lostNextState,
  wrongProtocol,
  floatingAsk,
  invalidAskTimeout,
  selfAsk,
  awaitedOwnStop,
  askCycle,
  askBeforeStart,
  missingReply,
  doubleReply,
  askTimeoutExceedsOuter,
  droppedReply,
  mutationAfterSend,
  leakedActorState,
  sharedModuleState,
  messageContextOutlivesTurn,
  checkThenAct,
  escapedContext,
  sharedInitialState,
  stateChangedOutsideTurn,
  invalidRestartIntensity,
  duplicateChildId,
  invalidSupervisorSpec,
  unsupervisedSpawn,
  lostRegistration,
  childrenOutOfOrder,
  permanentOneShot,
  temporaryDependency,
  ineffectiveRestartIntensity,
  childlessSupervisor,
  skippedPostStop,
  invalidSignificantChild,
  supervisorCycle,
  lookupBeforeStart,
  unknownActorName,
  directActorCall,
  globalTimerInActor,
  unreleasedSubscription,
  floatingPromiseInHandler,
  swallowedCrash,
  processExitInActor,
  monitorWithoutSignalHandler,
  sendToStopped,
  duplicateRegisteredName,
  exitSignalNeverDelivered,
  timerKeyReused,
  resourceNotReleased,
  blockingCallInHandler,
  uncloneablePayload,
  duplicateRuntime,
  unrepeatableInput,
  realTimeWaitInTest,
  testSystemNotStopped,
  unusedSuppression,
  shellCommand,
  unsupervisedProcess,
  ungrantedOperation,
  widenedContext,
  writableExecutable,
  inheritedEnvironment,
  optionLikeArgument,
];
