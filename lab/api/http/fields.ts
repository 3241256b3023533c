import { ApiError } from "./api-error";

/** Reads a request's fields and collects all problems, so that one answer names them all. */
export class Fields {
  private readonly problems = new Map<string, string[]>();

  constructor(private readonly body: Record<string, unknown>) {}

  has(name: string): boolean {
    return this.body[name] !== undefined && this.body[name] !== null;
  }

  /** Notes the field as missing unless it is there. */
  require(...names: string[]): void {
    for (const name of names) if (!this.has(name)) this.reject(name, "missing data for required field");
  }

  raw(name: string): unknown {
    return this.body[name];
  }

  /** `max`: characters. */
  string(name: string, { max = Infinity } = {}): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.body[name];
    if (typeof value !== "string") this.reject(name, `expected a string, got ${typeof value}`);
    else if (value.length > max) this.reject(name, `has ${value.length} characters, ${max} are allowed`);
    else return value;
    return undefined;
  }

  required(name: string, limit: { max?: number } = {}): string {
    const value = this.string(name, limit);
    if (value !== undefined && value !== "") return value;
    if (!this.problems.has(name)) this.reject(name, "missing data for required field");
    return "";
  }

  boolean(name: string): boolean | undefined {
    if (!this.has(name)) return undefined;
    const value = this.body[name];
    if (typeof value === "boolean") return value;
    this.reject(name, `expected a boolean, got ${typeof value}`);
    return undefined;
  }

  integer(name: string, { min = -Infinity, max = Infinity } = {}): number | undefined {
    if (!this.has(name)) return undefined;
    const value = this.body[name] as number;
    if (!Number.isSafeInteger(value)) this.reject(name, `expected an integer, got ${typeof value}`);
    else if (value < min || value > max) this.reject(name, `${bounds(min, max)}, got ${value}`);
    else return value;
    return undefined;
  }

  /** Ids and names are accepted alike in many places. */
  reference(name: string): string | undefined {
    const value = this.body[name];
    if (Number.isSafeInteger(value)) return String(value);
    return this.string(name);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.string(name);
    if (value === undefined) return undefined;
    if ((allowed as readonly string[]).includes(value)) return value as T;
    this.reject(name, `must be one of ${allowed.join(", ")}`);
    return undefined;
  }

  list(name: string): unknown[] {
    if (!this.has(name)) return [];
    const value = this.body[name];
    if (Array.isArray(value)) return value as unknown[];
    this.reject(name, `expected a list, got ${typeof value}`);
    return [];
  }

  /** A list of strings. */
  strings(name: string): string[] {
    return this.list(name).filter((entry): entry is string => {
      if (typeof entry !== "string") this.reject(name, `expected a list of strings, got ${typeof entry}`);
      return typeof entry === "string";
    });
  }

  /** A list of objects. */
  objects(name: string): Record<string, unknown>[] {
    return this.list(name).filter((entry): entry is Record<string, unknown> => {
      const fits = typeof entry === "object" && entry !== null && !Array.isArray(entry);
      if (!fits) this.reject(name, `expected a list of objects, got ${typeof entry}`);
      return fits;
    });
  }

  object(name: string): Record<string, unknown> {
    if (!this.has(name)) return {};
    const value = this.body[name];
    if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
    this.reject(name, "expected an object");
    return {};
  }

  reject(name: string, message: string): void {
    this.problems.set(name, [...(this.problems.get(name) ?? []), message]);
  }

  /** Takes over what is wrong with an object among the fields. */
  adopt(name: string, inner: Fields): void {
    for (const [field, messages] of inner.problems)
      for (const message of messages) this.reject(`${name}.${field}`, message);
  }

  /** What a list says of the entry that these are the fields of. */
  firstProblem(): string | undefined {
    const [first] = this.problems;
    return first && `${first[0]}: ${first[1].join(", ")}`;
  }

  /** Throws `invalid_input` with every problem found so far. */
  check(): void {
    if (this.problems.size === 0) return;
    throw ApiError.invalidFields([...this.problems].map(([name, messages]) => ({ name, messages })));
  }
}

function bounds(min: number, max: number): string {
  return max === Infinity ? `has to be ${min} or more` : `has to be from ${min} to ${max}`;
}
