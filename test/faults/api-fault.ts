import type { Spec } from "../support/spec";

/** What the lab's API is told to answer (docs/lab-api.md). */
export const apiAnswers: Readonly<Record<string, object>> = {
  "409": { status: 409, code: "conflict", message: "a fault of the suite" },
  "429": { status: 429, code: "rate_limit_exceeded", message: "a fault of the suite" },
  "502": { status: 502 },
  locked: { status: 423, code: "locked", message: "a fault of the suite" },
  "action error": { actionError: "action_failed" },
};

/** A change of the cloud that is disturbed, as a program declares it. */
export interface ApiChange {
  name: string;
  /** The request that is answered wrongly. */
  match: { method: string; path: string };
  /** Whether the answer has an action, which can fail later. */
  hasAction: boolean;
  spec: Spec;
}

/** One change and one answer. */
export interface ApiFault {
  name: string;
  change: ApiChange;
  answer: object;
}

const hosts = { home: { server: {} }, other: { server: {} } };
const moreHosts = { ...hosts, extra: { server: {} } };
const at = (host: string) => ({ type: "ipv4" as const, host, homeLocation: "fsn1" });
const assign = { method: "POST", path: "/floating_ips/*/actions/assign" };

export const atFirst: Spec = { hosts, bridges: {} };

/** One after the other; the last one comes back to where the first began. */
export const apiChanges: readonly ApiChange[] = [
  {
    ...{ name: "server created", match: { method: "POST", path: "/servers" }, hasAction: true },
    spec: { hosts: moreHosts, bridges: {} },
  },
  {
    ...{ name: "floating address created", match: { method: "POST", path: "/floating_ips" }, hasAction: false },
    spec: { hosts: moreHosts, bridges: {}, ips: { web: at("home") } },
  },
  {
    ...{ name: "floating address assigned", match: assign, hasAction: true },
    spec: { hosts: moreHosts, bridges: {}, ips: { web: at("home"), mail: at("home") } },
  },
  {
    ...{ name: "floating address moved by the API", match: assign, hasAction: true },
    spec: { hosts: moreHosts, bridges: {}, ips: { web: at("other"), mail: at("home") } },
  },
  {
    ...{ name: "floating address destroyed", match: { method: "POST", path: "/floating_ips/*/actions/unassign" } },
    hasAction: true,
    spec: { hosts: moreHosts, bridges: {} },
  },
  {
    ...{ name: "server destroyed", match: { method: "DELETE", path: "/servers/*" }, hasAction: true },
    spec: atFirst,
  },
];

/** Every answer at every second change, in turn, or at all that can have it. */
export function listApiFaults(all: boolean): ApiFault[] {
  return Object.entries(apiAnswers).flatMap(([what, answer], number) =>
    apiChanges
      .filter(({ hasAction }) => hasAction || !("actionError" in answer))
      .filter((_, index) => all || (number + index) % 2 === 0)
      .map((change) => ({ name: `${change.name}: API answers ${what}`, change, answer })),
  );
}
