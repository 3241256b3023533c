import { setTimeout as sleep } from "node:timers/promises";
import { journals, unset } from "./aftermath";
import { image, type Site } from "./arguments";
import type { Fault } from "./fault";
import type { FaultHost } from "./host";
import type { FaultKind } from "./kind";
import type { FaultLab } from "./lab";
import { manifestOf, unlike, type Manifest } from "./manifest";
import { nearest } from "./nearest";
import { plantImage } from "./plant-image";
import { Provider } from "./provider";
import { Stack, type Declared, type Outcome } from "./stack";
import type { Verdict } from "./verdict";
import { whereaboutsIn } from "./whereabouts";

/** The manifests of a kind's two states, of each host of the lane. */
type Known = [Manifest[], Manifest[]];

/** One host, or two, and the stack of what stands there. Lanes do not know of each other. */
export class Lane {
  private readonly stack = new Stack();
  readonly site: Site;
  private standing: Declared[] = [];
  private kind: FaultKind | undefined;
  private known: Known | undefined;
  /** The state that the last `up` left. */
  private at: 0 | 1 | undefined;
  private running: Provider | undefined;

  constructor(
    readonly lab: FaultLab,
    private readonly hosts: readonly [FaultHost, ...FaultHost[]],
  ) {
    this.site = { one: hosts[0], two: hosts[1] ?? hosts[0] };
  }

  get all(): readonly FaultHost[] {
    return this.hosts;
  }

  host(name: "one" | "two"): FaultHost {
    return (name === "two" ? this.hosts[1] : undefined) ?? this.hosts[0];
  }

  serves({ moves, lan }: FaultKind): boolean {
    return this.hosts[0].lan === lan && (moves !== true || this.hosts.length > 1);
  }

  private declared(kind: FaultKind, state: 0 | 1): Declared {
    return { kind: kind.handlers, key: kind.key, args: kind.states[state](this.site) };
  }

  /** The state that a fault begins at, with all that it stands on. */
  async bring(kind: FaultKind, state: 0 | 1): Promise<void> {
    if (this.kind !== kind) await this.enter(kind);
    if (this.at !== state) await this.calmly(this.declared(kind, state));
    this.at = undefined;
  }

  /** The provider process: one until it is ended, with its open connections. */
  provider(): Provider {
    this.running ??= new Provider(this.lab);
    return this.running;
  }

  endProvider(): void {
    this.running?.killQuietly();
    this.running = undefined;
  }

  /** The disturbed change itself. */
  change(provider: Provider, { kind, from }: Fault): Promise<Outcome> {
    return this.stack.up(provider, this.declared(kind, from === 0 ? 1 : 0));
  }

  /** A change that is meant to fail, and what then is not as it was before; the stack forgets it. */
  async tryOnce(
    kind: FaultKind,
    state: 0 | 1,
    args: Declared["args"],
    arm: () => void,
  ): Promise<{ differing: string[]; error: Outcome["error"] }> {
    const held = this.stack.remember();
    const before = await this.manifests(kind);
    arm();
    const { error } = await this.stack.up(this.calmProvider(), { kind: kind.handlers, key: kind.key, args });
    const after = await this.manifests(kind);
    this.stack.recall(held);
    this.at = state;
    const differing = after.flatMap((manifest, index) => unlike(before[index] ?? [], manifest));
    return { differing: error === undefined ? [...differing, "the change did not fail"] : differing, error };
  }

  /** Which of both states the hosts are exactly at; addresses that others give them take some seconds to come. */
  async judge(fault: Fault): Promise<Pick<Verdict, "ended" | "half">> {
    const deadline = Date.now() + 15_000;
    for (;;) {
      const judged = await this.compare(fault);
      if (judged.half.length === 0 || Date.now() > deadline) return judged;
      await sleep(1000);
    }
  }

  private async compare({ kind, from }: Fault): Promise<Pick<Verdict, "ended" | "half">> {
    const found = await this.manifests(kind);
    const [a, b] = this.known ?? [[], []];
    if (kind.resumes === true) return whereaboutsIn(found, [a, b], from);
    return from === 0 ? nearest(found, a, b) : nearest(found, b, a);
  }

  /** One `up`, and what is not as it is wanted then, or would change again. */
  async converge({ kind, from }: Fault): Promise<string[]> {
    const to = from === 0 ? 1 : 0;
    const declared = this.declared(kind, to);
    const provider = this.calmProvider();
    const { error } = await this.stack.up(provider, declared);
    if (error !== undefined) return [`up: ${error.message}`, ...(await journals(this.of(kind)))];
    const found = await this.manifests(kind);
    const differing = found.flatMap((manifest, index) => unlike(this.known?.[to][index] ?? [], manifest));
    const drift = await this.stack.refresh(provider, kind.handlers, kind.key);
    const again = await this.stack.up(provider, declared);
    const unread = drift.some((line) => line.startsWith("not read")) ? await journals(this.of(kind)) : [];
    const rest = [...differing, ...drift.map((line) => `drift: ${line}`), ...unread, ...(await unset(this.of(kind)))];
    if (!again.changed && rest.length === 0) this.at = to;
    return [...rest, ...(again.changed ? ["the next up changes again"] : [])];
  }

  /** After a fault that was not survived: the hosts as they were before the first one. */
  async restore(): Promise<void> {
    await Promise.all(
      this.hosts.map(async (host) => {
        await host.power("poweroff");
        await host.disk.restore();
        await host.power("poweron");
        await host.booted();
        if ((await host.letsInWithin(60)) === undefined)
          throw new Error(`${host.name} lets nobody in after it was restored`);
      }),
    );
    this.endProvider();
    this.at = undefined;
    this.stack.recall(new Map());
    this.standing = [];
    this.kind = undefined;
  }

  private async enter(kind: FaultKind): Promise<void> {
    await this.leave();
    for (const declared of kind.stands(this.site)) {
      await this.calmly(declared);
      this.standing.push(declared);
    }
    this.kind = kind;
    if (kind.handlers === "nspawnMachine") for (const host of this.of(kind)) await plantImage(host, image);
    await this.learn(kind);
    this.at = 0;
  }

  /** Both states, made calmly; the first one twice, or the manifest holds something that changes by itself. */
  private async learn(kind: FaultKind): Promise<void> {
    const at = async (state: 0 | 1): Promise<Manifest[]> => {
      await this.calmly(this.declared(kind, state));
      return this.manifests(kind);
    };
    this.known = [await at(0), await at(1)];
    const again = await at(0);
    const changed = again.flatMap((manifest, index) => unlike(this.known?.[0][index] ?? [], manifest));
    if (changed.length > 0)
      throw new Error(`${kind.name} is not the same after there and back:\n${changed.join("\n")}`);
  }

  private async leave(): Promise<void> {
    const own = this.kind === undefined ? [] : [this.declared(this.kind, 0)];
    for (const { kind, key } of [...own, ...[...this.standing].reverse()])
      await this.calmly({ kind, key, args: undefined });
    this.standing = [];
    this.kind = undefined;
    this.at = undefined;
  }

  private async calmly(declared: Declared): Promise<void> {
    const { error } = await this.stack.up(this.calmProvider(), declared);
    if (error !== undefined) throw new Error(`${declared.key}, without a fault: ${error.message}`);
  }

  private calmProvider(): Provider {
    return Object.assign(this.provider(), { window: 30 });
  }

  /** The hosts that a kind of change concerns. */
  of(kind: FaultKind): FaultHost[] {
    return kind.moves === true ? [...this.hosts] : [this.hosts[0]];
  }

  private manifests(kind: FaultKind): Promise<Manifest[]> {
    return Promise.all(this.of(kind).map(manifestOf));
  }
}
