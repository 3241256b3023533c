import Table from "cli-table3";
import pc from "picocolors";
import { printable, printableLine } from "../../provider/model/read/printable";
import type { Life } from "../../provider/observe/life/life";
import type { Machine } from "../stack/machines";
import type { Looked } from "./life-of";
import { healthLines, healthRecord, size, span } from "./words";

/** A machine of a stack, and what its host says of it where that was asked. */
export interface Listed {
  machine: Machine;
  looked?: Looked;
}

const lifeIn = ({ looked }: Listed): Life | undefined =>
  looked !== undefined && "life" in looked ? looked.life : undefined;

function addresses(machine: Machine, family: "ipv4" | "ipv6"): string[] {
  const all = machine.networks.flatMap((network) => network.addresses);
  return all.filter((address) => address.family === family).map(({ address }) => printableLine(address));
}

const subnets = ({ networks }: Machine): string[] => networks.flatMap((network) => network.subnets.map(printableLine));

/** What is shown of a machine, printable: a state may come from anywhere. */
function words(machine: Machine): Pick<Machine, "name" | "state" | "image" | "host" | "stack"> {
  const { name, state, image, host, stack } = machine;
  return {
    name: printableLine(name),
    state,
    image: printableLine(image),
    host: printableLine(host),
    stack: printableLine(stack),
  };
}

/** One machine as an object. */
export function record(listed: Listed): object {
  const { machine, looked } = listed;
  const { name, state, image, host, stack } = words(machine);
  const { problems } = machine;
  const [ipv4, ipv6] = [addresses(machine, "ipv4"), addresses(machine, "ipv6")];
  const routed = subnets(machine);
  const { health, ...life } = lifeIn(listed) ?? {};
  return {
    ...{ name, state, ...life },
    ...(health === undefined ? {} : { health: healthRecord(health) }),
    ...{ ipv4, ipv6 },
    ...(routed.length > 0 ? { subnets: routed } : {}),
    ...{ image, host, stack },
    ...(problems.length > 0 ? { problems } : {}),
    ...(looked !== undefined && "error" in looked ? { error: printable(looked.error, 4000) } : {}),
  };
}

const colours: Record<string, (text: string) => string> = { running: pc.green, stopped: pc.dim, healthy: pc.green };
const coloured = (text: string): string => (colours[text] ?? pc.red)(text);

/** What its host says comes before what the state has. */
function stateOf(listed: Listed): string {
  const life = lifeIn(listed);
  const { state } = listed.machine;
  if (life === undefined) return state;
  if (life.unit === "active") return state === "not ready" ? state : "running";
  return life.unit === "inactive" ? "stopped" : life.unit;
}

function healthOf(listed: Listed): string {
  const health = lifeIn(listed)?.health;
  if (health === undefined) return "";
  const [state = "", ...more] = healthLines(health);
  return [health.state === "starting" ? state : coloured(state), ...more].join("\n");
}

interface Column {
  title: string;
  cell: (listed: Listed) => string;
  /** Only shown where it says something of a machine. */
  optional?: true;
}

const columns: Column[] = [
  { title: "NAME", cell: ({ machine }) => words(machine).name },
  { title: "STATE", cell: (listed) => coloured(stateOf(listed)) },
  { title: "UPTIME", cell: (listed) => known(lifeIn(listed)?.uptime, span), optional: true },
  { title: "MEMORY", cell: (listed) => known(lifeIn(listed)?.memory, size), optional: true },
  { title: "DISK", cell: (listed) => known(lifeIn(listed)?.disk, size), optional: true },
  { title: "HEALTH", cell: healthOf, optional: true },
  { title: "IPV4", cell: ({ machine }) => addresses(machine, "ipv4").join("\n") },
  { title: "IPV6", cell: ({ machine }) => [...addresses(machine, "ipv6"), ...subnets(machine)].join("\n") },
  { title: "IMAGE", cell: ({ machine }) => words(machine).image },
  { title: "HOST", cell: ({ machine }) => words(machine).host },
];

const known = (value: number | undefined, shown: (value: number) => string): string =>
  value === undefined ? "" : shown(value);

/** All machines, for people. */
export function table(listed: Listed[]): string {
  if (listed.length === 0) return "There are no machines in this stack.";
  const several = new Set(listed.map(({ machine }) => machine.stack)).size > 1;
  const stack: Column = { title: "STACK", cell: ({ machine }) => words(machine).stack };
  const shown = [...columns, ...(several ? [stack] : [])].filter(
    ({ cell, optional }) => optional !== true || listed.some((one) => cell(one) !== ""),
  );
  const grid = new Table({ head: shown.map(({ title }) => pc.bold(title)), style: { head: [], border: [] } });
  for (const one of listed) grid.push(shown.map(({ cell }) => cell(one)));
  return grid.toString();
}
