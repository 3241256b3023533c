import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import type { Place, Site } from "./arguments";
import { disturbances, nextBoot, type Disturbance, type Fault } from "./fault";
import { overIpv6, type FaultKind } from "./kind";
import { kinds } from "./kinds";
import { lethalNames } from "./lethal";
import { programsOf } from "./programs";

/** Seconds that a host waits for its confirmation, apart from the faults that have the library's own 90. */
export const shortWindow = 5;

/** Programs do not depend on which hosts there are. */
function anySite(): Site {
  const hostKey = ed25519Pair().publicKey;
  const place = (id: number, name: string): Place => ({
    ...{ name, id, hostKey },
    ipv4: `203.0.113.${id}`,
    ipv6: `2001:db8:1:${id}::/64`,
  });
  return { one: place(2, "one"), two: place(3, "two") };
}

type Boundary = Pick<Fault, "host" | "program" | "boundary" | "verb">;

/** Of each run of the same step one boundary, in its middle. */
function oncePerRun(verbs: readonly string[]): number[] {
  const starts = verbs.flatMap((verb, index) => (verb === verbs[index - 1] ? [] : [index]));
  return starts.map((start, index) => Math.floor((start + (starts[index + 1] ?? verbs.length)) / 2));
}

async function boundaries(kind: FaultKind, from: 0 | 1, all: boolean): Promise<Boundary[]> {
  const site = anySite();
  const [before, after] = [kind.states[from](site), kind.states[from === 0 ? 1 : 0](site)];
  const sent = await programsOf(kind.handlers, before, after);
  return sent.flatMap(({ address, verbs }, index) => {
    const host = address === site.two.ipv4 ? ("two" as const) : ("one" as const);
    const earlier = sent.slice(0, index).filter((other) => other.address === address).length;
    const several = sent.filter((other) => other.address === address).length > 1;
    const steps = [...verbs, "end"];
    const chosen = all ? steps.map((_, step) => step) : oncePerRun(steps);
    return chosen.map((step) => ({
      ...{ host, boundary: step + 1, verb: steps[step] ?? "" },
      ...(several ? { program: earlier + 1 } : {}),
    }));
  });
}

/** Those that nobody answers to are where the window matters; every second of them has the real one. */
function withWindows(faults: Fault[]): Fault[] {
  let number = 0;
  return faults.map((fault) => {
    const waits = fault.kind.cuts && ["blackhole", "provider"].includes(fault.what);
    if (!waits) return fault;
    number += 1;
    return number % 2 === 0 ? { ...fault, window: undefined } : fault;
  });
}

/** Each boundary has its kind's share of the disturbances, in turn; a share below one leaves boundaries out. */
async function oneWay(kind: FaultKind, from: 0 | 1, number: number, all: boolean): Promise<Fault[]> {
  const places = await boundaries(kind, from, all);
  const share = all ? disturbances.length : kind.share;
  return places.flatMap((place, index) => {
    const [first, next] = [Math.floor(index * share), Math.floor((index + 1) * share)];
    return Array.from({ length: next - first }, (_, turn): Fault => {
      const what = disturbances[(first + turn + number + 3 * from) % disturbances.length] as Disturbance;
      return { kind, from, ...place, what, window: shortWindow };
    });
  });
}

/** The end of a change, and then a boot. */
const boots = (kind: FaultKind, from: 0 | 1): Fault => ({
  ...{ kind, from, host: "one", boundary: 0, verb: "end", what: nextBoot, window: shortWindow },
});

/** There and back in turn, so that a fault begins where the one before ended. */
function alternate(there: Fault[], back: Fault[]): Fault[] {
  const length = Math.max(there.length, back.length);
  return Array.from({ length }, (_, index) => [there[index], back[index]]).flatMap((pair) =>
    pair.filter((fault) => fault !== undefined),
  );
}

/** Applied by hand before the confirmation of a change that has to be confirmed. */
async function lethal(): Promise<Fault[]> {
  const kind = kinds.find(({ name }) => name === "bridge settings");
  if (kind === undefined) throw new Error("there is no kind for lethal configurations");
  const places = [await boundaries(kind, 0, true), await boundaries(kind, 1, true)];
  return lethalNames.map((what, index) => {
    const from = (index % 2) as 0 | 1;
    const list = places[from] ?? [];
    const place = list.find(({ verb }) => verb === "confirm") ?? list.find(({ verb }) => verb === "unlock");
    if (place === undefined) throw new Error(`${kind.name} has no step before its end`);
    const reached = what.startsWith("IPv6") ? overIpv6(kind) : kind;
    return { kind: reached, from, ...place, what, window: undefined };
  });
}

/**
 * The faults of the suite, in the order in which one lane would have them: disturbances in turn at the boundaries, or all
 * of them at every boundary.
 */
export async function listFaults(all: boolean): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const [number, kind] of kinds.entries()) {
    const there = await oneWay(kind, 0, number, all);
    const back = await oneWay(kind, 1, number, all);
    faults.push(...withWindows(alternate(there, back)), boots(kind, 0), boots(kind, 1));
  }
  return [...faults, ...(await lethal())];
}
