/** All rules, in the order of their numbers. */
import type { Rule } from "../rule.ts";
import { rule as duplicateChildId } from "./duplicate-child-id.ts";
import { rule as invalidRestartIntensity } from "./invalid-restart-intensity.ts";
import { rule as invalidSignificantChild } from "./invalid-significant-child.ts";
import { rule as invalidSupervisorSpec } from "./invalid-supervisor-spec.ts";
import { rule as unhandledMessage } from "./unhandled-message.ts";
import { rule as unusedSuppression } from "./unused-suppression.ts";

export const RULES: readonly Rule[] = [
  unhandledMessage,
  invalidRestartIntensity,
  duplicateChildId,
  invalidSupervisorSpec,
  invalidSignificantChild,
  unusedSuppression,
];
