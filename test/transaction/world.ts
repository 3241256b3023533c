import { MemoryClient, MemoryStack, type KindName, type Outcome } from "./memory-client";
import { RunningHost } from "./running-host";
import { MemoryWire } from "./memory-wire";

/** What may happen next. */
export type Event =
  | { event: "up"; client: number; kind: KindName; version: number }
  | { event: "tick"; which: number; times: number }
  | { event: "time"; seconds: number }
  | { event: "crashClient"; client: number }
  | { event: "crashHost" }
  | { event: "killUnit"; which: number }
  | { event: "handEdit"; which: number; how: "delete" | "change" | "address" | "proxies" }
  | { event: "diskFull"; full: boolean };

let worlds = 0;

/** A host, two stacks, three clients (two of them of one stack), and what holds of them whatever happens. */
export class World {
  readonly host = new RunningHost();
  readonly wire = new MemoryWire(this.host);
  readonly clients: MemoryClient[];

  constructor() {
    // Sessions are kept by process for the whole test.
    worlds += 1;
    const [a, b] = [new MemoryStack("a"), new MemoryStack("b")];
    this.clients = [a, a, b].map((stack, index) => new MemoryClient(`${worlds}/${index}`, stack, this.wire));
  }

  async happen(event: Event): Promise<void> {
    jest.advanceTimersByTime(1);
    this.act(event);
    await this.settle();
    this.check();
  }

  private act(event: Event): void {
    const { host } = this;
    switch (event.event) {
      case "up":
        return this.up(this.clients[event.client]!, event.kind, event.version);
      case "tick":
        return this.tick(event.which, event.times);
      case "time":
        return this.pass(event.seconds);
      case "crashClient":
        return this.crash(this.clients[event.client]!);
      case "crashHost":
        return host.crash();
      case "killUnit":
        return this.kill(event.which);
      case "handEdit":
        return this.edit(event.which, event.how);
      default:
        host.disk.full = event.full;
    }
  }

  private up(client: MemoryClient, kind: KindName, version: number): void {
    if (client.running !== undefined) return;
    // Two at once on one stack: the backend's lock was taken away. The slower answer decides what state says.
    if (this.clients.some(({ stack, running }) => stack === client.stack && running !== undefined))
      this.doubtful = true;
    const sentBefore = this.wire.sent.get(client.process)?.length ?? 0;
    const running = client.up(kind, version).then((outcome) => {
      if (client.running === running) client.running = undefined;
      this.judge(outcome, sentBefore);
      return outcome;
    });
    running.catch((error: Error) => (this.broken ??= error));
    client.running = running;
  }

  /** Two faults at once, the end of what cleans up after the first one, are not promised to end well. */
  private kill(which: number): void {
    const units = this.host.up ? this.host.units.filter(({ cleans }) => !cleans) : [];
    const unit = units[which % Math.max(units.length, 1)];
    if (unit !== undefined) this.host.kill(unit);
  }

  private broken: Error | undefined;

  /** Whether state may say what is not, so that a refresh has to look. */
  doubtful = false;

  private crash(client: MemoryClient): void {
    if (client.running !== undefined) this.doubtful = true;
    client.crash();
  }

  /** A success that nothing stands behind would be a lie. */
  private judge({ process, changes, code }: Outcome, sentBefore: number): void {
    const sent = this.wire.sent.get(process) ?? [];
    if (!changes || code !== undefined || sent.length === sentBefore) return;
    // The last one may have been another look.
    if (!sent.slice(sentBefore).some((program) => this.host.committed.has(program)))
      throw new Error("a success without a commit");
  }

  private tick(which: number, times: number): void {
    const { underway } = this.wire;
    const units = this.host.runnable();
    const chosen = which % Math.max(underway.length + units.length, 1);
    if (chosen < underway.length) return underway.splice(chosen, 1)[0]!();
    const unit = units[chosen - underway.length];
    for (let turn = 0; unit !== undefined && turn < times; turn += 1) {
      if (!this.host.runnable().includes(unit)) return;
      this.host.advance(unit);
      this.check();
    }
  }

  private pass(seconds: number): void {
    this.host.now += seconds;
    jest.advanceTimersByTime(seconds * 1000);
  }

  private edit(which: number, how: "delete" | "change" | "address" | "proxies"): void {
    const { host } = this;
    if (!host.up) return;
    this.doubtful = true;
    const owned = [...host.disk.owners.values()].flatMap(({ files }) => [...files]);
    const path = owned[which % Math.max(owned.length, 1)];
    if (how === "address") for (const link of host.kernel.links.values()) link.addresses.add("10.9.9.9/32");
    else if (how === "proxies") host.kernel.proxies.clear();
    else if (path !== undefined && host.disk.files.has(path)) {
      host.edit(({ files }) => {
        if (how === "delete") files.delete(path);
        else files.set(path, `${files.get(path)}# by hand\n`);
      });
    }
  }

  /** Lets the clients react to what they have heard. */
  private async settle(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      this.wire.settle();
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.broken !== undefined) throw this.broken;
  }

  /** What always holds. */
  check(): void {
    const { host } = this;
    const { transactions, owners, guard } = host.disk;
    if (host.units.filter(({ holdsHost }) => holdsHost).length > 1) throw new Error("two hold the host's lock");
    if (host.up && !host.admitsNewcomers) {
      const armed = [...transactions.keys()].some((key) =>
        host.units.some((unit) => unit.keep === key || unit.mine === key),
      );
      if (!armed || !guard) throw new Error("locked out, and nothing will put it back");
    }
    for (const key of new Set([...owners.keys(), ...host.whole.keys()])) {
      if (transactions.has(key)) continue;
      const [is, was] = [host.filesOf(key), host.whole.get(key) ?? nothing];
      if (is !== was) throw new Error(`half a change stands of ${key}: ${is}, was ${was}`);
    }
  }

  /** Everybody goes on until nobody has anything to do. */
  async quiet(): Promise<void> {
    for (let round = 0; round < 200; round += 1) {
      for (let turn = 0; turn < 500 && this.wire.underway.length + this.host.runnable().length > 0; turn += 1)
        this.tick(0, 1);
      await this.settle();
      this.check();
      if (this.rests) return;
      if (this.wire.underway.length + this.host.runnable().length === 0) this.pass(16);
    }
    throw new Error("it never came to rest");
  }

  private get rests(): boolean {
    const { units } = this.host;
    const busy = this.clients.some(({ running }) => running !== undefined);
    return !busy && units.length === 0 && this.wire.underway.length === 0 && !this.wire.dials;
  }

  /** One call to its end, with everybody else at rest. */
  async alone(call: () => Promise<Outcome>): Promise<Outcome> {
    let outcome: Outcome | undefined;
    call()
      .then((done) => (outcome = done))
      .catch((error: Error) => (this.broken ??= error));
    for (let round = 0; outcome === undefined && round < 100; round += 1) await this.quiet();
    if (outcome === undefined) throw new Error("a call never ended");
    return outcome;
  }
}

const nothing = JSON.stringify([undefined, []]);
