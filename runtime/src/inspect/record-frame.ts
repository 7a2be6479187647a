/** The frame by which a viewer has a program record itself, and what is wrong with one. */
import { LIST_LIMITS, TEXT_LIMITS } from "./protocol-limits.ts";

/**
 * Begins or ends a recording that the program itself writes, in place of the one that this viewer asked for before. It ends with the viewer,
 * and with the program. The reply's value is the path of the file. One that is there is replaced only if it is a recording.
 */
export type RecordFrame =
  | {
      readonly type: "record";
      readonly id: number;
      readonly on: true;
      /** Absolute, as the program's machine has it. */
      readonly file: string;
      /** What is in messages and answers too, not their types alone. */
      readonly values?: boolean;
      /** Words in the names of fields that are not recorded, beside those that never are. */
      readonly redact?: readonly string[];
    }
  | { readonly type: "record"; readonly id: number; readonly on: false };

/** What is wrong with one; `undefined` for one that is right, and for any other frame. */
export function recordFault(frame: Readonly<Record<string, unknown>>): string | undefined {
  const { type, on, file, values, redact } = frame;
  if (type !== "record") return undefined;
  if (typeof on !== "boolean") return "on must be true or false";
  if (!on) return undefined;
  if (typeof file !== "string" || file === "" || file.length > TEXT_LIMITS.path) return "file must be a path";
  if (values !== undefined && typeof values !== "boolean") return "values must be true or false";
  const areWords = (list: unknown): boolean =>
    Array.isArray(list) &&
    list.length <= LIST_LIMITS.stops &&
    list.every((word) => typeof word === "string" && word.length <= TEXT_LIMITS.name);
  return redact === undefined || areWords(redact) ? undefined : "redact must be a list of words";
}
