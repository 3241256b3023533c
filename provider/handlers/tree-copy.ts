import { NspawnError } from "../errors";
import type { MachineArgs } from "../model/args";
import type { Catalogue } from "../observe/tree/catalogue";
import { shownPath } from "../observe/tree/catalogue-reader";
import { planCatalogue, planReceive, planSend } from "../plan/plan-move";
import type { Program } from "../plan/program";
import { treeDifference, type TreeDifference } from "../observe/tree/tree-difference";
import { pipe } from "../remote/pipe";
import type { Report } from "../remote/report";
import type { Session } from "../remote/session";
import { catalogueIn } from "./catalogue-in";

/** One of the two hosts of a move, and the machine as it is declared there. */
export interface Side {
  args: MachineArgs;
  session: Session;
  /** For messages. */
  name: string;
}

type Tell = (text: string) => void;

/** Bytes below which another copy of a running machine is not worth its time: the rest is sent while it stands still. */
const little = 64e6;
const attempts = 3;
/** Bytes that a copy must leave free. */
const reserve = 256e6;

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/** The report of a program that went well. */
export async function runOn(side: Side, program: Program, tell: Tell): Promise<Report> {
  const report = await side.session.apply(program, { progress: tell });
  if (report.failure !== undefined) throw report.failure;
  return report;
}

/**
 * The tree that is sent, as its host lists it. Nothing in it may belong to somebody whom the tree has no business with: the
 * new host would give it to them.
 */
async function sentTree(report: Report, { name }: Side): Promise<Catalogue> {
  const catalogue = await catalogueIn(report, name);
  if (catalogue.obstacle === undefined) return catalogue;
  const { path, why } = catalogue.obstacle;
  const message = `${shownPath(path)} in the machine's tree on ${name} ${why}, and run \`up\` again: nothing of the tree is sent`;
  throw new NspawnError("NSPAWN_MOVING", message);
}

/** The copy of a machine's tree on another host, brought closer to it pass by pass. What has come is never sent again. */
export class TreeCopy {
  /**
   * @param since when the copy that is there already was begun, by the clock of the old host
   * @param free bytes on the new host
   */
  constructor(
    private readonly from: Side,
    private readonly to: Side,
    private since: number,
    private readonly free: number,
    private readonly tell: Tell,
  ) {}

  /** Copies while the machine runs, until little is left. */
  async ahead(): Promise<void> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const [source, copy] = await Promise.all([this.listed(), this.copied()]);
      if ((await this.pass(source, copy)) < little) return;
    }
  }

  /**
   * Makes the copy equal to a tree that nobody changes any more, and makes sure that it is.
   *
   * @param stopped what listed it
   */
  async complete(stopped: Report): Promise<void> {
    const source = await sentTree(stopped, this.from);
    await this.pass(source, await this.copied());
    for (let attempt = 1; ; attempt += 1) {
      const copy = await this.copied();
      const left = treeDifference(source, copy, Infinity);
      if (left.send.length + left.drop.length === 0) return;
      if (attempt === attempts) throw unequal(left);
      await this.transfer(source, left);
    }
  }

  private async listed(): Promise<Catalogue> {
    return sentTree(await runOn(this.from, planCatalogue(this.from.args, "home"), this.tell), this.from);
  }

  private async copied(): Promise<Catalogue> {
    return catalogueIn(await runOn(this.to, planCatalogue(this.to.args, "incoming"), this.tell), this.to.name);
  }

  private async pass(source: Catalogue, copy: Catalogue): Promise<number> {
    const difference = treeDifference(source, copy, this.since);
    if (copy.entries.size === 0 && difference.bytes + reserve > this.free) throw this.noRoom(difference.bytes);
    await this.transfer(source, difference);
    this.since = source.clock;
    return difference.bytes;
  }

  private async transfer(source: Catalogue, { send, drop, bytes }: TreeDifference): Promise<void> {
    let told = 0;
    const passed = (now: number): void => {
      if (now - told < 4e6 && told > 0) return;
      told = now;
      this.tell(`copying ${send.length} files, ${megabytes(bytes)}: ${megabytes(now)} sent (compressed)`);
    };
    const from = { session: this.from.session, program: planSend(this.from.args, send) };
    const to = { session: this.to.session, program: planReceive(this.to.args, drop, source.clock) };
    await pipe(from, to, passed);
  }

  private noRoom(bytes: number): NspawnError {
    const { name } = this.to;
    return new NspawnError(
      "NSPAWN_DISK_FULL",
      `${name} has ${megabytes(this.free)} free, the machine's tree needs ${megabytes(bytes + reserve)}; make room, or take a larger server`,
    );
  }
}

function unequal({ send, drop }: TreeDifference): NspawnError {
  const some = [...send, ...drop].slice(0, 5).map(shownPath);
  return new NspawnError("NSPAWN_STEP_FAILED", `the copy differs from the machine's tree in ${some.join(", ")}`);
}
