import { gzipSync } from "node:zlib";
import * as handlers from "../../provider/handlers";
import { planHandover } from "../../provider/plan/plan-move";
import type { Report } from "../../provider/remote/report";
import { Session } from "../../provider/remote/session";
import type { Properties } from "../support/driver";

/** What one change sends to one host. */
export interface Sent {
  /** The host's address. */
  address: string;
  verbs: string[];
}

interface Handlers {
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: unknown[] }>;
  create(inputs: Properties): Promise<unknown>;
  update(id: string, olds: Properties, news: Properties): Promise<unknown>;
  delete(id: string, properties: Properties): Promise<unknown>;
}

/** The programs of a change, asked of the handlers themselves, whose sessions write down and send nothing. */
export function programsOf(
  kind: string,
  before: Properties | undefined,
  after: Properties | undefined,
): Promise<Sent[]> {
  const asked = last.then(() => ask(kind, before, after));
  last = asked.catch(() => undefined);
  return asked;
}

/** One at a time: all sessions of this process are recorded meanwhile. */
let last: Promise<unknown> = Promise.resolve();

async function ask(kind: string, before: Properties | undefined, after: Properties | undefined): Promise<Sent[]> {
  const called = (handlers as unknown as Record<string, Handlers>)[kind];
  if (called === undefined) throw new Error(`there are no handlers ${kind}`);
  const inputs = async (args: Properties): Promise<Properties> => {
    const { inputs: checked, failures } = await called.check({}, args);
    if (failures.length > 0) throw new Error(`${kind}: ${JSON.stringify(failures)}`);
    return checked;
  };
  const [olds, news] = [before && (await inputs(before)), after && (await inputs(after))];
  const change = async (): Promise<void> => {
    if (olds === undefined && news !== undefined) await called.create(news);
    else if (olds !== undefined && news === undefined) await called.delete("id", olds);
    else if (olds !== undefined && news !== undefined) await called.update("id", olds, news);
  };
  const sent = await recorded(change, addressOf(olds));
  return withoutReturn(sent, olds);
}

const addressOf = (args: Properties | undefined): string =>
  (args?.connection as { host: string } | undefined)?.host ?? "";

/** A move whose new host reports nothing is taken back; one that goes well ends with the old host's part instead. */
function withoutReturn(sent: Sent[], olds: Properties | undefined): Sent[] {
  const end = sent.findIndex(({ verbs }) => verbs.includes("withdraw"));
  if (end < 0) return sent;
  const { steps } = planHandover(olds as unknown as Parameters<typeof planHandover>[0]);
  return [...sent.slice(0, end), { address: addressOf(olds), verbs: steps.map(({ verb }) => verb) }];
}

/** What the step `catalogue` writes of a tree that has nothing but its root. */
const emptyTree = "1700000000\0d\t755\t0\t0\t1\t8\t5\t5\t1\t1\0\0\0";

/** What the hosts of a move say: the machine is on the old one, and its tree is empty. */
function answers(atHome: boolean): Map<string, Buffer> {
  const words = [
    "active\tinactive",
    "moved\t",
    "free\t9999999",
    ...(atHome ? ["host\told 1", "ours\tyes", "tree\tyes"] : ["host\tnew 1"]),
  ];
  return new Map([
    ["whereabouts", Buffer.from(words.join("\n"))],
    ["catalogue", gzipSync(emptyTree)],
  ]);
}

async function recorded(change: () => Promise<void>, home: string): Promise<Sent[]> {
  const sent: Sent[] = [];
  const [open, apply] = (["open", "apply"] as const).map((name) =>
    Object.getOwnPropertyDescriptor(Session.prototype, name),
  );
  Session.prototype.open = () => Promise.resolve();
  Session.prototype.apply = function (this: Session, program) {
    const { target } = this as unknown as { target: { host: string } };
    sent.push({ address: target.host, verbs: program.steps.map(({ verb }) => verb) });
    const results = answers(target.host === home);
    return Promise.resolve({ results, warnings: [], claimed: false } as unknown as Report);
  };
  try {
    // No host has answered with facts, which is told as a failure after all programs are made.
    await change().catch(() => undefined);
  } finally {
    if (open) Object.defineProperty(Session.prototype, "open", open);
    if (apply) Object.defineProperty(Session.prototype, "apply", apply);
  }
  return sent;
}
