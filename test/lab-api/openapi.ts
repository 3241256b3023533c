import Ajv, { type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Json } from "./json";

/** Hetzner's API as a public OpenAPI 3.0 document describes it; it lies beside the repository, or nowhere. */
const path = resolve(__dirname, "../../../shared/data/hetzner-openapi.json");

/**
 * Where the live API has moved on since the document was written (February 2026):
 * 1. `datacenter` is gone from servers and primary IPs (1 July 2026), the document still requires it;
 * 2. `GET /actions` takes `page` and `sort` besides `id`, the document lists `id` only: queries are not checked.
 */
const GONE = ["datacenter"];

/** Checks requests and answers against the document. */
export class OpenApi {
  private readonly ajv = addFormats(new Ajv({ strict: false, allErrors: true, validateFormats: true }));
  private readonly compiled = new Map<string, ValidateFunction>();

  private constructor(private readonly document: Json) {
    this.ajv.addFormat("decimal", /^-?\d+(\.\d+)?$/);
    this.ajv.addSchema(document, "api");
  }

  static read(): OpenApi | undefined {
    return existsSync(path) ? new OpenApi(forAjv(JSON.parse(readFileSync(path, "utf8")))) : undefined;
  }

  /** The document's path template of a path, undefined when it knows none. */
  template(given: string): string | undefined {
    const segments = given.split("/");
    const fits = (template: string): boolean => {
      const wanted = template.split("/");
      return wanted.length === segments.length && wanted.every((s, i) => s.startsWith("{") || s === segments[i]);
    };
    const found = Object.keys(this.document.paths).filter(fits);
    return found.sort((a, b) => a.split("{").length - b.split("{").length)[0];
  }

  /** The schema of a request's body, if it has one. */
  bodySchema(method: string, template: string): Json {
    return this.document.paths[template][method.toLowerCase()]?.requestBody?.content?.["application/json"]?.schema;
  }

  /** A schema with its references and its `allOf` written out, one level deep. */
  merged(schema: Json): Json {
    let merged: Json = {};
    const parts = [this.resolved(schema), ...(this.resolved(schema).allOf ?? [])].map((part) => this.resolved(part));
    for (const part of parts) {
      const properties = { ...merged.properties, ...part.properties };
      const required = [...(merged.required ?? []), ...(part.required ?? [])];
      merged = { ...merged, ...part, properties, required };
    }
    return Object.keys(merged.properties).length > 0 ? { ...merged, type: "object" } : merged;
  }

  private resolved(schema: Json): Json {
    let found = schema;
    while (found.$ref) {
      const names = found.$ref.replace("api", "").replace("#/", "").split("/");
      found = names.reduce(
        (at: Json, name: string) => at[name.replaceAll("~1", "/").replaceAll("~0", "~")],
        this.document,
      );
    }
    return found;
  }

  /** What is wrong with a request's body. */
  request(method: string, template: string, body: unknown): string[] {
    const content = this.document.paths[template][method.toLowerCase()]?.requestBody?.content;
    if (!content || body === undefined) return [];
    return this.check([template, method.toLowerCase(), "requestBody", "content", "application/json", "schema"], body);
  }

  /** What is wrong with an answer. */
  answer(method: string, template: string, status: number, body: unknown): string[] {
    const operation = this.document.paths[template][method.toLowerCase()];
    if (!operation) return [`the document has no ${method} ${template}`];
    const key = operation.responses[status] ? String(status) : `${String(status)[0]}xx`;
    if (!operation.responses[key]) return [`status ${status} is not in the document`];
    if (!operation.responses[key].content) return body === undefined ? [] : ["a body where the document has none"];
    return this.check(
      [template, method.toLowerCase(), "responses", key, "content", "application/json", "schema"],
      body,
    );
  }

  private check(pointer: string[], value: unknown): string[] {
    const escaped = ["paths", ...pointer].map((s) => encodeURIComponent(s.replaceAll("~", "~0").replaceAll("/", "~1")));
    const ref = `api#/${escaped.join("/")}`;
    const validate = this.compiled.get(ref) ?? this.ajv.compile({ $ref: ref });
    this.compiled.set(ref, validate);
    validate(value);
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  }
}

/** OpenAPI 3.0 in JSON Schema's terms, without the fields that are gone. */
function forAjv(value: Json): Json {
  if (Array.isArray(value)) return value.map(forAjv);
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, forAjv(inner)])) as Json;
  if (Array.isArray(copy.required)) copy.required = copy.required.filter((name: string) => !GONE.includes(name));
  // ajv knows `nullable` beside `type` only.
  if (copy.nullable === true && !copy.type) {
    delete copy.nullable;
    return { anyOf: [{ type: "null" }, copy] };
  }
  if (copy.nullable === true && Array.isArray(copy.enum)) copy.enum = [...copy.enum, null];
  return copy;
}
