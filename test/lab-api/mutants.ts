import type { OpenApi } from "./openapi";
import type { Json } from "./json";

interface Mutant {
  what: string;
  body: Json;
}

/** A right request's body with one thing wrong by the document's schema: a field missing, of another type, or beyond a limit. */
export function* mutants(document: OpenApi, schema: Json, body: Json): Generator<Mutant> {
  const { properties, required } = document.merged(schema);
  for (const name of required as string[]) {
    if (body[name] === undefined) continue;
    const { [name]: _gone, ...rest } = body;
    yield { what: `without ${name}`, body: rest };
  }
  for (const [name, property] of Object.entries<Json>(properties)) {
    const merged = document.merged(property);
    for (const [what, value] of wrongValues(merged)) {
      yield { what: `${name} ${what}`, body: { ...body, [name]: value } };
    }
    yield* inside(document, name, merged, body);
  }
}

/** The same for an object or a list of objects that the body has. */
function* inside(document: OpenApi, name: string, property: Json, body: Json): Generator<Mutant> {
  const value = body[name];
  if (property.type === "object" && value) {
    for (const mutant of mutants(document, property, value)) {
      yield { what: `${name}.${mutant.what}`, body: { ...body, [name]: mutant.body } };
    }
  }
  if (property.type !== "array" || !Array.isArray(value) || value.length === 0) return;
  const items = document.merged(property.items);
  for (const [what, wrong] of wrongValues(items)) {
    yield { what: `${name}[] ${what}`, body: { ...body, [name]: [...value, wrong] } };
  }
  if (items.type !== "object") return;
  for (const mutant of mutants(document, items, value[0])) {
    yield { what: `${name}[].${mutant.what}`, body: { ...body, [name]: [mutant.body, ...value.slice(1)] } };
  }
}

function* wrongValues(property: Json): Generator<[string, unknown]> {
  yield ["of another type", property.type === "object" ? "text" : { wrong: true }];
  if (property.type === "array") yield ["that is a text", "text"];
  if (property.type === "integer" || property.type === "number") yield ["that is a fraction", 10.5];
  if (property.enum) yield ["out of its list", "no-such-thing"];
  if (property.maxLength) yield ["too long", "x".repeat(property.maxLength + 1)];
  if (property.minimum !== undefined) yield ["too small", property.minimum - 1];
  if (property.maximum !== undefined && Number.isSafeInteger(property.maximum + 1)) {
    yield ["too large", property.maximum + 1];
  }
}
