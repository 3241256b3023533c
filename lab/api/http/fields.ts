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

  string(name: string): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.body[name];
    if (typeof value === "string") return value;
    this.reject(name, `expected a string, got ${typeof value}`);
    return undefined;
  }

  required(name: string): string {
    const value = this.string(name);
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

  integer(name: string): number | undefined {
    if (!this.has(name)) return undefined;
    const value = this.body[name];
    if (Number.isSafeInteger(value)) return value as number;
    this.reject(name, `expected an integer, got ${typeof value}`);
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

  /** Throws `invalid_input` with every problem found so far. */
  check(): void {
    if (this.problems.size === 0) return;
    throw ApiError.invalidFields([...this.problems].map(([name, messages]) => ({ name, messages })));
  }
}
