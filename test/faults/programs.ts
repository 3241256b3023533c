import * as handlers from "../../provider/handlers";
import type { Report } from "../../provider/remote/report";
import { Session } from "../../provider/remote/session";
import type { Properties } from "../handlers/driver";

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
  return recorded(async () => {
    if (olds === undefined && news !== undefined) await called.create(news);
    else if (olds !== undefined && news === undefined) await called.delete("id", olds);
    else if (olds !== undefined && news !== undefined) await called.update("id", olds, news);
  });
}

async function recorded(change: () => Promise<void>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const apply = Object.getOwnPropertyDescriptor(Session.prototype, "apply");
  Session.prototype.apply = function (this: Session, program) {
    const { target } = this as unknown as { target: { host: string } };
    sent.push({ address: target.host, verbs: program.steps.map(({ verb }) => verb) });
    return Promise.resolve({ results: new Map(), warnings: [], claimed: false } as unknown as Report);
  };
  try {
    // No host has answered with facts, which is told as a failure after all programs are made.
    await change().catch(() => undefined);
  } finally {
    if (apply) Object.defineProperty(Session.prototype, "apply", apply);
  }
  return sent;
}
