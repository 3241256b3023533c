import type { Answer, Held, Properties } from "../support/driver";
import type { Provider } from "./provider";

/** One resource as a program declares it; without arguments it is not declared (any more). */
export interface Declared {
  kind: string;
  key: string;
  args: Properties | undefined;
}

export interface Outcome {
  changed: boolean;
  error?: Answer["error"];
}

/** What the engine keeps between two `up`s, and what it calls: check, then create, update or delete. */
export class Stack {
  private held = new Map<string, Held>();
  /** Whose last change failed after something existed: the engine updates them without asking for a difference. */
  private readonly failed = new Set<string>();

  /** A copy, for {@link recall} after the hosts were put back. */
  remember(): Map<string, Held> {
    return new Map(this.held);
  }

  recall(held: Map<string, Held>): void {
    this.held = new Map(held);
    this.failed.clear();
  }

  /** One `up` of one resource. */
  async up(provider: Provider, { kind, key, args }: Declared): Promise<Outcome> {
    const held = this.held.get(key);
    if (args === undefined) return held === undefined ? { changed: false } : this.delete(provider, kind, key, held);
    const inputs = await this.check(provider, kind, held, args);
    if (held === undefined) return this.keep(key, inputs, await provider.call(kind, "create", inputs));
    const { value: diff, error } = await provider.call(kind, "diff", held.id, held.outs, inputs);
    if (error !== undefined || !diff) return { changed: false, error };
    const { changes, replaces } = diff as unknown as { changes: boolean; replaces: string[] };
    if (replaces.length > 0) throw new Error(`${key} would be replaced: ${replaces.join(", ")}`);
    if (!changes && !this.failed.has(key)) return { changed: false };
    return this.keep(key, inputs, await provider.call(kind, "update", held.id, held.outs, inputs), held.id);
  }

  /** A refresh: names of what is not as it was wanted, `gone` for the whole. The state follows what was found. */
  async refresh(provider: Provider, kind: string, key: string): Promise<string[]> {
    const held = this.held.get(key);
    if (held === undefined) return [];
    const { value, error } = await provider.call(kind, "read", held.id, held.outs);
    if (error !== undefined || value === undefined) return [`not read: ${error?.message}`];
    if (value.id === "") {
      this.held.delete(key);
      return ["gone"];
    }
    const differing = differences(held.inputs, value.inputs);
    this.hold(key, held.id, value.inputs, value.props);
    return differing;
  }

  private async check(provider: Provider, kind: string, held: Held | undefined, args: Properties): Promise<Properties> {
    const { value, error } = await provider.call(kind, "check", held?.inputs ?? {}, args);
    if (error === undefined && value?.failures.length === 0) return value.inputs;
    throw new Error(`check of ${kind}: ${error?.message ?? JSON.stringify(value?.failures)}`);
  }

  private async delete(provider: Provider, kind: string, key: string, held: Held): Promise<Outcome> {
    const { error } = await provider.call(kind, "delete", held.id, held.outs);
    if (error === undefined) this.held.delete(key);
    return { changed: true, error };
  }

  private keep(key: string, inputs: Properties, { value, error }: Answer, old?: string): Outcome {
    this.failed.delete(key);
    if (value !== undefined) this.hold(key, old ?? value.id, inputs, value.outs);
    const id = old ?? error?.id;
    if (id !== undefined && error?.properties !== undefined) {
      this.hold(key, id, inputs, error.properties);
      this.failed.add(key);
    }
    return { changed: true, error };
  }

  private hold(key: string, id: string, inputs: Properties, outs: Properties): void {
    this.held.set(key, { id, inputs, outs: { ...outs, __provider: "test" } });
  }
}

function differences(wanted: Properties, found: Properties): string[] {
  return ["files", "boot", "live"].flatMap((part) => {
    const [a, b] = [wanted[part], found[part]] as Record<string, unknown>[];
    const names = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])];
    return names
      .filter((name) => JSON.stringify(a?.[name]) !== JSON.stringify(b?.[name]))
      .map((name) => `${part} ${name}`);
  });
}
