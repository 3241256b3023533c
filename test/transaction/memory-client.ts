import { bridgeNetwork, floatingIp } from "../../provider/handlers";
import type { Properties } from "../../provider/handlers/state";
import type { MemoryWire } from "./memory-wire";

export const kinds = { bridge: bridgeNetwork, address: floatingIp };
export type KindName = keyof typeof kinds;

/** One resource in a stack's state. */
interface Held {
  id: string;
  outs: Properties;
  inputs: Properties;
}

/** What a stack knows; several clients may work on it. */
export class MemoryStack {
  readonly held = new Map<KindName, Held>();
  constructor(readonly name: string) {}
}

const versions: Record<KindName, Properties[]> = {
  bridge: [{}, { mtu: 1400 }, { mtu: 1450 }, { mtu: 1280 }, { mtu: 1281 }],
  address: [{ address: "198.51.100.1" }, { address: "198.51.100.2" }, { address: "198.51.100.3" }],
};
export const benign = { bridge: 3, address: 3 };
export const versionsOf = (kind: KindName): number => versions[kind].length;

/** One computer with the program of a stack: its provider process dies and comes anew. */
export class MemoryClient {
  private lives = 0;
  /** The running call of this process. */
  running: Promise<Outcome> | undefined;

  constructor(
    private readonly name: string,
    readonly stack: MemoryStack,
    private readonly wire: MemoryWire,
  ) {}

  get process(): string {
    return `/${this.name}/${this.lives}`;
  }

  crash(): void {
    this.wire.kill(this.process);
    this.lives += 1;
    this.running = undefined;
  }

  private args(kind: KindName, version: number): Properties {
    const { name } = this.stack;
    const own =
      kind === "bridge"
        ? { bridge: `br-${name}`, mode: "routed", isolation: "none", ipv4: "203.0.113.2" }
        : { type: "ipv4", name };
    const connection = { host: "203.0.113.2", port: 22, user: "root", hostKeys: [], acceptNewHostKey: true };
    return {
      stateVersion: 1,
      owner: `p/${name}/${kind}/x`,
      ownUrn: "",
      host: { id: `p/${name}/host/one`, instance: "1" },
      connection: { ...connection, agentSocketPath: this.process },
      credentials: {},
      secretFiles: {},
      __provider: "test",
      ...own,
      ...(kind === "bridge" ? { adopt: false } : {}),
      ...versions[kind][version],
    };
  }

  /** What the engine does: check, then create, or diff and update. `force`: update whatever the diff says. */
  async up(kind: KindName, version: number, force = false): Promise<Outcome> {
    const { process } = this;
    const handlers = kinds[kind];
    const before = this.stack.held.get(kind);
    const { inputs, failures } = await handlers.check(before?.inputs ?? {}, this.args(kind, version));
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    if (before === undefined) return this.keep(kind, inputs, process, handlers.create(inputs));
    const olds = force ? { ...before.outs, applied: undefined } : before.outs;
    if (!(await handlers.diff(before.id, olds, inputs)).changes) return { process, changes: false, code: undefined };
    const updated = handlers.update(before.id, olds, inputs).then(({ outs }) => ({ id: before.id, outs }));
    return this.keep(kind, inputs, process, updated);
  }

  /** What `refresh` does: state says what was found. */
  async refresh(kind: KindName): Promise<Outcome> {
    const { process } = this;
    const before = this.stack.held.get(kind);
    if (before === undefined) return { process, changes: false, code: undefined };
    // The engine hands over the connection of the state; a new process has a new one.
    const connection = { ...(before.outs.connection as object), agentSocketPath: process };
    const { id, props, inputs } = await kinds[kind].read(before.id, { ...before.outs, connection });
    if (id === "") this.stack.held.delete(kind);
    else this.stack.held.set(kind, { id, outs: props, inputs: inputs ?? {} });
    return { process, changes: true, code: undefined };
  }

  private async keep(
    kind: KindName,
    inputs: Properties,
    process: string,
    call: Promise<{ id: string; outs: Properties }>,
  ): Promise<Outcome> {
    try {
      const { id, outs } = await call;
      this.stack.held.set(kind, { id, outs, inputs });
      return { process, changes: true, code: undefined };
    } catch (error) {
      const { id, properties, code } = error as { id?: string; properties?: Properties; code?: string };
      const known = id ?? this.stack.held.get(kind)?.id;
      if (known !== undefined && properties !== undefined)
        this.stack.held.set(kind, { id: known, outs: properties, inputs });
      if (code === undefined) throw error;
      return { process, changes: true, code };
    }
  }
}

export interface Outcome {
  process: string;
  changes: boolean;
  code?: string;
}
