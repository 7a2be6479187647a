/** Incidents of one kind as findings. Shared by the rules over single places in the code of actors. */

import type { FileFacts } from "../facts/file-facts.ts";
import type { Incident, IncidentKind } from "../facts/incident.ts";
import type { Finding, Fix } from "./diagnostic.ts";

export interface Wording {
  readonly message: (incident: Incident) => string;
  /** What the other place is. */
  readonly other?: string;
  /** Title of the fix that makes the incident's edit. */
  readonly fix?: string;
  readonly isSafe?: boolean;
}

export function incidentFindings(facts: FileFacts, kind: IncidentKind, wording: Wording): readonly Finding[] {
  return facts.incidents
    .filter((incident) => incident.kind === kind)
    .map((incident) => finding(facts.path, incident, wording));
}

function finding(path: string, incident: Incident, { message, other, fix, isSafe }: Wording): Finding {
  const related =
    incident.other === undefined || other === undefined ? undefined : [{ ...incident.other, message: other }];
  const fixes: readonly Fix[] | undefined =
    incident.edit === undefined || fix === undefined
      ? undefined
      : [{ title: fix, isSafe: isSafe ?? false, edits: [{ path, ...incident.edit }] }];
  return {
    path,
    span: incident.span,
    message: message(incident),
    ...(related === undefined ? {} : { related }),
    ...(fixes === undefined ? {} : { fixes }),
  };
}
