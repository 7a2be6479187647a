/** The JSON schema of a message: what an editor completes and checks a draft by. Pure. */
import type { MessageForm, TypeShape } from "airssys-language-server/protocol";
import { say } from "../sentence.ts";

/** As far as it is used here; `errorMessage` is VS Code's. */
export interface Schema {
  readonly type?: string;
  readonly const?: string | number | boolean | null;
  readonly items?: Schema | readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly anyOf?: readonly Schema[];
  readonly not?: Schema;
  readonly errorMessage?: string;
}

/** Of the text of a draft: it may name its schema, besides the message. */
export function schemaOf({ shape }: MessageForm): Schema {
  const schema = schemaOfShape(shape);
  if (shape.kind !== "object") return schema;
  return { ...schema, properties: { $schema: { type: "string" }, ...schema.properties } };
}

function schemaOfShape(shape: TypeShape): Schema {
  switch (shape.kind) {
    case "any":
      return {};
    case "literal":
      return { const: shape.value };
    case "list":
      return { type: "array", items: schemaOfShape(shape.of) };
    case "tuple":
      return {
        type: "array",
        items: shape.of.map(schemaOfShape),
        minItems: shape.required,
        maxItems: shape.of.length,
      };
    case "object":
      return {
        type: "object",
        properties: Object.fromEntries(shape.fields.map((field) => [field.name, schemaOfShape(field.shape)])),
        required: shape.fields.filter(({ isOptional }) => isOptional !== true).map(({ name }) => name),
        additionalProperties: shape.rest === undefined ? false : schemaOfShape(shape.rest),
      };
    case "union":
      return { anyOf: shape.of.map(schemaOfShape) };
    case "impossible":
      return { not: {}, errorMessage: say("This is {0}: JSON cannot say it.", shape.what) };
    default:
      return { type: shape.kind };
  }
}
