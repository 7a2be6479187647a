/**
 * A child that registers itself with a sibling when it starts: under `one_for_one` the sibling is restarted alone, begins with
 * nothing, and the child does not notice.
 *
 * Reported only when all of it is in the source: the name, the message with the ref, the handler that keeps it in state which
 * begins empty, and that nobody sends that message again.
 */

import type { Placed, ProgramIndex } from "../facts/program-index.ts";
import type { KeptRef, Registration, Ties } from "../facts/registration.ts";
import type { ChildFact, SupervisorFact } from "../facts/supervisor-fact.ts";
import type { Finding, Fix } from "./diagnostic.ts";
import type { ProgramRule } from "./rule.ts";
import { startedId } from "./supervision-graph.ts";
import { isTestFile } from "./test-files.ts";

export const rule: ProgramRule = {
  name: "lost-registration",
  code: 4005,
  title: "A child registers with a sibling that is restarted without it",
  severity: "warning",
  preset: "strict",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  const made = index.files.flatMap(({ path, registrations }) => registrations.made.map((fact) => ({ path, fact })));
  return made.flatMap((registration) => {
    const [first] = [...index.supervisors.values()].flatMap((supervisor) => lossIn(index, supervisor, registration));
    return first === undefined ? [] : [first];
  });
}

function lossIn(
  index: ProgramIndex,
  supervisor: Placed<SupervisorFact>,
  registration: Placed<Registration>,
): readonly Finding[] {
  const { children } = supervisor.fact;
  const child = children.find((one) => startedId(one) === registration.fact.actor);
  const sibling = children.find((one) => one.name.known && one.name.value === registration.fact.name);
  if (child === undefined || sibling === undefined || child === sibling) return [];
  const kept = keptBy(index, sibling, registration.fact);
  if (kept === undefined || !isRestartedAlone(supervisor.fact, sibling)) return [];
  if (!isOnlyName(index, registration.fact.name) || mayRegisterAgain(index, child, sibling, registration)) return [];
  const isLater = children.indexOf(child) > children.indexOf(sibling);
  return [
    {
      path: registration.path,
      span: registration.fact.nameSpan,
      message: `"${registration.fact.name}" begins without this registration when it is restarted, and nobody registers again`,
      related: [
        { path: kept.path, span: kept.fact.span, message: "it is kept here, until the restart" },
        { path: sibling.path, span: sibling.span, message: "it is restarted alone: one_for_one" },
      ],
      fixes: isLater ? restartTogether(index, supervisor) : [],
    },
  ];
}

function isRestartedAlone({ strategy, maxRestarts }: SupervisorFact, sibling: ChildFact): boolean {
  const isRestarted = sibling.restart.known && sibling.restart.value !== "temporary";
  return (
    isRestarted && strategy.known && strategy.value === "one_for_one" && maxRestarts.known && maxRestarts.value > 0
  );
}

function keptBy(index: ProgramIndex, sibling: ChildFact, made: Registration): Placed<KeptRef> | undefined {
  const actor = startedId(sibling);
  const tag = actor === undefined ? undefined : tagOf(index, actor, made.variant);
  for (const { path, registrations } of index.files) {
    const fact = registrations.kept.find(
      (one) => one.actor === actor && one.tag === tag && one.property === made.property,
    );
    if (fact !== undefined) return { path, fact };
  }
  return undefined;
}

function tagOf(index: ProgramIndex, actor: string, variant: string): string | undefined {
  return index.actors.get(actor)?.fact.message?.variants.find((one) => one.id === variant)?.tag.key;
}

/** Whether a name can mean one child only. */
function isOnlyName(index: ProgramIndex, name: string): boolean {
  const named = [...index.supervisors.values()].flatMap(({ fact }) =>
    fact.children.filter((child) => !child.name.known || child.name.value === name),
  );
  return named.length === 1 && !index.files.some(({ spawns }) => spawns.spawns.some((spawn) => spawn.name === name));
}

function mayRegisterAgain(
  index: ProgramIndex,
  child: ChildFact,
  sibling: ChildFact,
  { fact: { variant } }: Placed<Registration>,
): boolean {
  const from = tiesOf(index, startedId(child));
  const to = tiesOf(index, startedId(sibling));
  if (from === undefined || from.isOpen || from.links || from.monitors) return true;
  if (to === undefined || to.isOpen || to.links || to.actsAtStart) return true;
  return index.files
    .filter(({ path }) => !isTestFile(path))
    .some(({ sends, registrations }) =>
      sends.some(
        (send) =>
          (send.variants?.includes(variant) ?? send.accepts?.variants.some((one) => one.id === variant) ?? false) &&
          !registrations.made.some(({ span }) => span.start === send.span.start),
      ),
    );
}

function tiesOf(index: ProgramIndex, actor: string | undefined): Ties | undefined {
  return index.files.flatMap(({ registrations }) => registrations.ties).find((one) => one.actor === actor);
}

function restartTogether(index: ProgramIndex, { path, fact }: Placed<SupervisorFact>): readonly Fix[] {
  const { strategyPlace, specSpan } = fact;
  const title = "Restart what was started after it too: rest_for_one";
  if (strategyPlace !== undefined)
    return [{ title, isSafe: false, edits: [{ ...strategyPlace, newText: '"rest_for_one"' }] }];
  if (specSpan === undefined) return [];
  const start = specSpan.start + 1;
  const lineEnd = /^\r?\n[ \t]*/.exec(index.textOf(path)?.slice(start, start + 200) ?? "")?.[0] ?? " ";
  const edit = { path, span: { start, end: start }, newText: `${lineEnd}strategy: "rest_for_one",` };
  return [{ title, isSafe: false, edits: [edit] }];
}
