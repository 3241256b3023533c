import { isUnreachable, NspawnError } from "../errors";
import type { MachineArgs } from "../model/args";
import { isSameHost } from "../model/same-host";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { planDeparture, planHandover, planReturn, planWhereabouts, planWithdrawal } from "../plan/plan-move";
import { planMachine } from "../plan/plan-machine";
import { parseWhereabouts, type Whereabouts } from "../observe/tree/whereabouts";
import { sessionOf } from "../remote/sessions";
import { items } from "../render/items";
import { withArchive } from "./bring-archive";
import { ensure } from "./ensure";
import { HostIsGone, unlessGone } from "./gone";
import type { Kind } from "./kind";
import { show } from "./progress";
import { argsOf, type Properties } from "./state";
import { targetOf } from "./target-of";
import { runOn, TreeCopy, type Side } from "./tree-copy";
import { understood } from "./understood";
import { update } from "./update";

function sideOf(kind: Kind<MachineArgs>, properties: Properties): Side {
  const args = argsOf(kind, properties);
  const { connection, credentials, host } = args;
  return { args, session: sessionOf(targetOf(connection, credentials)), name: `${host.id} (${connection.host})` };
}

/** Whether the arguments name another host than before. */
export function isMove(kind: Kind<MachineArgs>, olds: Properties, news: Properties): boolean {
  const [before, after] = [argsOf(kind, olds), argsOf(kind, news)];
  return (before as Partial<MachineArgs>).host !== undefined && !isSameHost(before, after);
}

/** What a preview says of a move beside its lines: the addresses of the old host's own network can't come along. */
export function tellMove(kind: Kind<MachineArgs>, olds: Properties, news: Properties): void {
  if (!isMove(kind, olds, news)) return;
  const [before, after] = [addressesIn(argsOf(kind, olds)), addressesIn(argsOf(kind, news))];
  const gone = before.filter((address) => !after.includes(address));
  if (gone.length === 0) return;
  const come = after
    .filter((address) => !before.includes(address))
    .map((address) => (isUnknown(address) ? "new ones" : address));
  const message = `moves to another host: ${gone.join(", ")} stay behind${come.length === 0 ? "" : `, ${come.join(", ")} take their place`}`;
  show(argsOf(kind, news).ownUrn, message, "warning");
}

function addressesIn({ networks }: MachineArgs): string[] {
  return items(networks).flatMap((network) =>
    isUnknown(network)
      ? [UNKNOWN]
      : items(network.addresses).map((entry) => (isUnknown(entry) ? UNKNOWN : entry.address)),
  );
}

/**
 * Moves a machine with its data: copied while it runs, stopped, copied what changed, started, and only then let go of.
 * What the hosts say decides what is left to do, so it goes on wherever it was interrupted (docs/move.md).
 */
export async function moveMachine(
  kind: Kind<MachineArgs>,
  id: string,
  olds: Properties,
  news: Properties,
): Promise<{ outs: Properties }> {
  const move = new Move(kind, sideOf(kind, olds), sideOf(kind, news));
  const outs = await move.run();
  return outs === undefined ? update(kind, id, { ...olds, applied: undefined }, news, withArchive) : { outs };
}

const lost = ["NSPAWN_CONNECTION_LOST", "NSPAWN_DEADLINE"];
const isLost = (error: unknown): boolean =>
  isUnreachable(error) || (error instanceof NspawnError && lost.includes(error.code));
/** Lost on the way: a host that has rebooted, say, is there again soon. */
const isBrokenOff = (error: unknown): boolean => isLost(error) && !isUnreachable(error);
const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

class Move {
  private readonly tell = (progress: string): void => show(this.to.args.ownUrn, progress);
  /** What was done inside it, as its old host remembers it. */
  private provisioned: string | undefined;
  private readonly warn = (message: string): void => show(this.to.args.ownUrn, message, "warning");

  constructor(
    private readonly kind: Kind<MachineArgs>,
    private readonly from: Side,
    private readonly to: Side,
  ) {}

  /** The outputs; `undefined` when there is nothing to move. */
  async run(): Promise<Properties | undefined> {
    const there = await this.look(this.to);
    const look = (): Promise<Whereabouts> => this.look(this.from);
    const here = await unlessGone(this.from.args, look).catch((error: unknown) => this.withoutOldHost(there, error));
    if (here?.host === there.host) return undefined;
    this.provisioned = here?.provisioned;
    if (!there.here && here !== undefined) {
      if (!here.here) {
        this.warn(`${this.from.name} has no tree of the machine ${this.from.args.name}: it is created again`);
        return undefined;
      }
      await this.copy(here, there);
    } else if (here?.active === true) throw this.atBoth();
    const outputs = await this.arrive();
    await this.handOver();
    return outputs;
  }

  private async look(side: Side): Promise<Whereabouts> {
    const report = await runOn(side, planWhereabouts(side.args), this.tell);
    const text = report.results.get("whereabouts")?.toString("utf8") ?? "";
    return understood(side.name, "word on where the machine is", () => parseWhereabouts(text));
  }

  /** A machine that has arrived needs nothing of its old host, which can't start it any more. */
  private withoutOldHost(there: Whereabouts, error: unknown): undefined {
    if (there.here) return undefined;
    if (error instanceof HostIsGone) {
      this.warn(`created again, empty: ${error.message}`);
      return undefined;
    }
    if (!isLost(error)) throw error;
    const { ownUrn } = this.from.args;
    const advice = `bring it back and run \`up\` again; if it is gone for good, and the machine's data with it, let Pulumi forget the machine (pulumi state delete '${ownUrn}') and run \`up\`: it is created again on the new host`;
    const message = `the machine cannot be copied from ${this.from.name}: ${text(error)}; ${advice}`;
    throw new NspawnError("NSPAWN_UNREACHABLE", message, { cause: error });
  }

  private async copy(here: Whereabouts, there: Whereabouts): Promise<void> {
    const copy = new TreeCopy(this.from, this.to, there.since ?? 0, there.free, this.tell);
    if (here.movedTo === undefined) await copy.ahead();
    try {
      const stopped = await runOn(this.from, planDeparture(this.from.args, this.to.name), this.tell);
      await copy.complete(stopped);
    } catch (error) {
      throw await this.backOnOldHost(error);
    }
  }

  private async arrive(): Promise<Properties> {
    const { args, session } = this.to;
    try {
      const program = planMachine(args, this.kind.desired(args), {
        arrives: true,
        first: false,
        provisioned: this.provisioned,
      });
      const { outputs, failure } = await ensure(this.kind, args, session, program, {});
      if (failure !== undefined) throw failure;
      return outputs;
    } catch (error) {
      throw await this.back(error);
    }
  }

  /** From here on nothing can be lost: what the old host still has starts nowhere. */
  private async handOver(): Promise<void> {
    try {
      await this.letGo().catch((error: unknown) => {
        if (!isBrokenOff(error)) throw error;
        return this.letGo();
      });
    } catch (error) {
      if (!isLost(error)) throw error;
      this.warn(`the machine has moved; its old tree and files are still on ${this.from.name}: ${text(error)}`);
    }
  }

  private letGo(): Promise<unknown> {
    return runOn(this.from, planHandover(this.from.args), this.tell);
  }

  /** Only when the new host has said that it does not run there may it start on the old one. */
  private async back(cause: unknown): Promise<unknown> {
    try {
      await runOn(this.to, planWithdrawal(this.to.args), this.tell);
    } catch (error) {
      const message = `${text(cause)}; it is stopped on ${this.from.name}, and ${this.to.name} did not say that it is not running there: ${text(error)}; run \`up\` again, which continues the move`;
      return new NspawnError("NSPAWN_MOVING", message, { cause });
    }
    return this.backOnOldHost(cause);
  }

  private async backOnOldHost(cause: unknown): Promise<unknown> {
    const failed = `the move from ${this.from.name} to ${this.to.name} failed: ${text(cause)}`;
    try {
      await runOn(this.from, planReturn(this.from.args), this.tell);
    } catch (error) {
      const message = `${failed}; it is stopped on ${this.from.name}, where it could not be started again: ${text(error)}; run \`up\` again, which continues the move`;
      return new NspawnError("NSPAWN_MOVING", message, { cause });
    }
    const again = "it is on the old host as before; run `up` again: what has been copied is not sent again";
    return new NspawnError("NSPAWN_MOVING", `${failed}; ${again}`, { cause });
  }

  private atBoth(): NspawnError {
    const message = `the machine ${this.to.args.name} is active on ${this.from.name} and its tree is on ${this.to.name} too; stop and remove the wrong one by hand, and run \`up\` again`;
    return new NspawnError("NSPAWN_MOVING", message);
  }
}
