import type { Backend, NetworkSpec, ServerSpec } from "../../lab/backend";

/** Servers that exist in memory only. A call named in `broken` rejects. */
export class MemoryBackend implements Backend {
  readonly specs = new Map<number, ServerSpec>();
  readonly running = new Set<number>();
  readonly routes = new Map<string, number>();
  readonly networks = new Map<number, NetworkSpec>();
  readonly calls: string[] = [];
  readonly broken = new Set<keyof Backend>();
  /** Guests that hear the power button. */
  obedient = true;

  async create(server: ServerSpec): Promise<void> {
    await this.note("create", server.id);
    this.specs.set(server.id, server);
  }

  async boot(id: number): Promise<void> {
    await this.note("boot", id);
    this.running.add(id);
  }

  async shutdown(id: number): Promise<void> {
    await this.note("shutdown", id);
    if (this.obedient) setTimeout(() => this.running.delete(id), 50).unref();
  }

  async kill(id: number): Promise<void> {
    await this.note("kill", id);
    this.running.delete(id);
  }

  isRunning(id: number): Promise<boolean> {
    return Promise.resolve(this.running.has(id));
  }

  async wipe(server: ServerSpec): Promise<void> {
    await this.note("wipe", server.id);
    this.specs.set(server.id, server);
  }

  async destroy(id: number): Promise<void> {
    await this.note("destroy", id);
    this.running.delete(id);
    this.specs.delete(id);
  }

  async route(prefix: string, serverId: number | null): Promise<void> {
    await this.note("route", `${prefix}>${serverId}`);
    if (serverId === null) this.routes.delete(prefix);
    else this.routes.set(prefix, serverId);
  }

  async network(network: NetworkSpec): Promise<void> {
    await this.note("network", network.id);
    this.networks.set(network.id, network);
  }

  async dropNetwork(id: number): Promise<void> {
    await this.note("dropNetwork", id);
    this.networks.delete(id);
  }

  private note(name: keyof Backend, what: number | string): Promise<void> {
    this.calls.push(`${name} ${what}`);
    return this.broken.has(name) ? Promise.reject(new Error(`${name} does not work`)) : Promise.resolve();
  }
}
