import type { CommonArgs } from "../model/args";
import type { Desired } from "../model/desired";
import type { Facts } from "../observe/facts/facts";
import { found, isGone } from "../observe/found";
import type { Subject } from "../observe/subject";
import { parseFacts } from "../observe/facts/parse-facts";
import { resourceKey } from "../plan/resource-key";
import { rawFacts } from "../remote/raw-facts";
import type { Report } from "../remote/report";
import type { Kind } from "./kind";
import { understood } from "./understood";

const parsed = new WeakMap<Report, Promise<Facts | undefined>>();

/** The facts in a report, parsed once however many resources ask. @throws NSPAWN_REPORT */
export function factsIn(report: Report, host: string): Promise<Facts | undefined> {
  const known = parsed.get(report) ?? understood(host, "facts", () => read(report));
  parsed.set(report, known);
  return known;
}

function read(report: Report): Facts | undefined {
  const raw = rawFacts(report);
  return raw && parseFacts(raw);
}

export function subjectOf<A extends CommonArgs>(kind: Kind<A>, args: A, desired: Desired): Subject {
  return { desired, key: resourceKey(args.owner, kind.object(args)), ...kind.subjectNames(args) };
}

/** What stands on the host of a resource; `undefined` when nothing does. */
export function stateIn(subject: Subject, facts: Facts): Desired | undefined {
  const state = found(subject, facts);
  return isGone(subject, facts, state) ? undefined : state;
}
