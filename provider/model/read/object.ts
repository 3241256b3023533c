import { nearest } from "./nearest";
import type { Place } from "./place";
import { isPlainObject } from "./plain-object";
import { type Reader, orUnknown, refused } from "./reader";
import { shown } from "./shown";

export interface Field<T> {
  read: Reader<T>;
  required: boolean;
  /** Value of an absent argument. */
  otherwise?: T;
  /** Accepted and left out of what is read. */
  ignored?: boolean;
}

export type Fields<T> = { [K in keyof T]-?: Field<Exclude<T[K], undefined>> };

export function required<T>(read: Reader<T>): Field<T> {
  return { read, required: true };
}

export function optional<T>(read: Reader<T>, otherwise?: T): Field<T> {
  return { read, required: false, otherwise };
}

export function object<T extends object>(fields: Fields<T>): Reader<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return orUnknown((value, place) => {
    if (!isPlainObject(value)) {
      place.refuseValue("must be an object", value);
      return refused();
    }
    refuseUnknownKeys(value, names, place);
    const read: Partial<T> = {};
    for (const name of names) {
      const field = fields[name];
      const item = readField(field, Object.hasOwn(value, name) ? value[name] : undefined, place.key(name));
      if (item !== undefined && !field.ignored) read[name] = item;
    }
    return read as T;
  });
}

/** Texts by name; `entry` reads one of them with its name. */
export function record(
  entry: (name: string, value: unknown, place: Place) => string,
  max = 100,
): Reader<Record<string, string>> {
  return orUnknown((value, place) => {
    if (!isPlainObject(value)) {
      place.refuseValue("must be an object", value);
      return refused();
    }
    const names = Object.keys(value).sort();
    if (names.length > max) place.refuse(`must have ${max} entries at most (got ${names.length})`);
    const read = names.slice(0, max).map((name): [string, string] => [name, entry(name, value[name], place.key(name))]);
    return Object.fromEntries(read);
  });
}

function readField<T>(field: Field<T>, value: unknown, place: Place): T | undefined {
  if (value !== undefined && value !== null) return field.read(value, place);
  if (field.required) place.refuse("is required");
  return field.otherwise;
}

function refuseUnknownKeys(value: Record<string, unknown>, names: readonly string[], place: Place): void {
  for (const name of Object.keys(value)) {
    if (names.includes(name) || (name === "__provider" && place.path === "")) continue;
    const near = nearest(name, names);
    const advice = near === undefined ? `allowed are ${names.join(", ")}` : `did you mean ${shown(near)}?`;
    // Hidden: a mistyped name may hold a secret.
    place.key(name).secret().refuse(`is not an argument; ${advice}`);
  }
}
