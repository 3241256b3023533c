import type { Members } from "./npm-classes";

/** The part of a Pulumi package schema that says what properties there are. */
export interface ObjectSchema {
  properties?: Record<string, TypeSchema>;
  required?: string[];
  /** Outputs of a nested type have more that is always there than its inputs. */
  language?: { nodejs?: { requiredOutputs?: string[] } };
}

export interface ResourceSchema extends ObjectSchema {
  inputProperties?: Record<string, TypeSchema>;
  requiredInputs?: string[];
}

export interface TypeSchema {
  type?: string;
  $ref?: string;
  items?: TypeSchema;
  additionalProperties?: TypeSchema;
}

/** The members that Pulumi's TypeScript generator declares for these properties. */
export function schemaMembers(
  properties: Record<string, TypeSchema> = {},
  required: string[] = [],
  kind: "in" | "plain" | "out",
): Members {
  return Object.fromEntries(
    Object.entries(properties).map(([name, type]) => {
      const must = required.includes(name);
      const mark = must || kind === "out" ? "" : "?";
      return [`${name}${mark}`, kind === "plain" ? plainText(type) : wrapped(type, kind, must)];
    }),
  );
}

/** The generator's name for a token: the last part, with a capital. */
export function className(token: string): string {
  const name = token.split(":").at(-1) ?? "";
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const scalar: Record<string, string> = { string: "string", integer: "number", number: "number", boolean: "boolean" };

function wrapped(type: TypeSchema, kind: "in" | "out", must: boolean): string {
  const rest = must ? "" : "|undefined";
  return kind === "in" ? `pulumi.Input<${inputText(type)}${rest}>` : `pulumi.Output<${plainText(type)}${rest}>`;
}

function inputText(type: TypeSchema): string {
  return bare(type, "inputs", (inner) => `pulumi.Input<${inputText(inner)}>`);
}

/** Nested types of outputs are declared without wrappers. */
function plainText(type: TypeSchema): string {
  return bare(type, "outputs", (inner) => plainText(inner));
}

function bare(type: TypeSchema, space: string, nested: (inner: TypeSchema) => string): string {
  if (type.$ref !== undefined) return `${space}.${className(type.$ref)}`;
  if (type.type === "array") return `${nested(type.items ?? {})}[]`;
  if (type.type === "object") return `{[key:string]:${nested(type.additionalProperties ?? { type: "string" })}}`;
  return scalar[type.type ?? ""] ?? `unknown ${JSON.stringify(type)}`;
}
