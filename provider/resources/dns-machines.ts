import type { DnsInputs } from "../model/dns-problems";
import type { Problem } from "../model/problem";
import { shown } from "../model/read/shown";
import type { NspawnMachine } from "./nspawn-machine";

/** A machine and what it is called. */
export interface NamedMachine {
  /** Where it stands in the arguments. */
  key: string | number;
  name: string;
  machine: NspawnMachine;
  /** Whether this is the first name of the machine: the one that its addresses lead back to. */
  isFirst: boolean;
}

type Machines = NspawnMachine[] | Record<string, NspawnMachine>;

/** The machines with their names, and what is wrong with those that have none. */
export function namedMachines(machines: Machines): { named: NamedMachine[]; problems: Problem[] } {
  if (typeof machines !== "object" || machines === null) {
    const message = `must be a list of machines, or an object of them by name (got ${shown(machines)})`;
    return { named: [], problems: [{ path: "machines", message }] };
  }
  if (isMachine(machines)) {
    const message = "must be a list of machines, or an object of them by name (got one machine; write [machine])";
    return { named: [], problems: [{ path: "machines", message }] };
  }
  const entries: [string | number, NspawnMachine][] = Array.isArray(machines)
    ? machines.map((machine, index) => [index, machine])
    : Object.entries(machines);
  const problems: Problem[] = [];
  const named = entries.flatMap(([key, machine], index): NamedMachine[] => {
    const message = isMachine(machine) ? unnamed(key, machine) : `must be an NspawnMachine (got ${shown(machine)})`;
    if (message !== undefined) problems.push({ path: pathOf(key), message });
    if (message !== undefined) return [];
    const isFirst = entries.findIndex(([, other]) => other === machine) === index;
    return [{ key, name: typeof key === "string" ? key : (machine.dnsName ?? ""), machine, isFirst }];
  });
  return { named, problems };
}

/** What the check of the names gets. */
export const namesOf = (named: NamedMachine[]): DnsInputs["names"] => named.map(({ key, name }) => ({ key, name }));

export const pathOf = (key: string | number): string => `machines[${JSON.stringify(key)}]`;

/** Plain JavaScript lets anything pass. */
const isMachine = (machine: unknown): boolean =>
  typeof machine === "object" && machine !== null && "published" in machine && "dnsName" in machine;

function unnamed(key: string | number, { dnsName }: NspawnMachine): string | undefined {
  if (typeof key === "string" || dnsName !== undefined) return undefined;
  return "the machine's hostname is not known before the program runs; give the machines as an object, with a name for each";
}
