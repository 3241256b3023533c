import { jsonEntries } from "../../model/read/json-entry";
import { printable } from "../../model/read/printable";
import { parseInterfaces } from "../facts/parse-guests";
import { legacyChains, nftChains } from "./dropping-chains";
import type { Answer, Inside, InsideNetwork, PathFacts, Routed } from "./path-facts";

type Texts = ReadonlyMap<string, string>;

/** Names are `path.WHAT.WHOM`; what no name of a file can have is `_` in an address. */
const form = /^path\.([a-z0-9]+)\.(.+)$/;
const address = (whom: string): string => whom.replaceAll("_", ":");

/** What the step `diagnose` wrote among the facts. @throws NSPAWN_REPORT for what ip(8) of the host does not write */
export function parsePath(texts: Texts): PathFacts {
  const of = <T>(what: string, whom: (name: string) => string, read: (text: string, whom: string) => T) =>
    new Map(
      [...texts].flatMap(([name, text]): [string, T][] => {
        const [, found, of = ""] = form.exec(name) ?? [];
        return found === what ? [[whom(of), read(text, whom(of))]] : [];
      }),
    );
  const same = (name: string): string => name;
  return {
    inward: of("route", address, (text, whom) => routed(text, `the route to ${whom}`)),
    outward: of("out", address, (text, whom) => routed(text, `the route from ${whom}`)),
    pings: of("ping", address, answer),
    rules: { ipv4: lines(texts.get("path.rules4")), ipv6: lines(texts.get("path.rules6")) },
    journals: of("journal", same, (text) => answer(text).text),
    inside: new Map([...of("ready", same, (text, machine) => inside(texts, machine, answer(text)))].filter(isRunning)),
  };
}

/** It may have ended while it was looked at. */
function isRunning(entry: [string, Inside | undefined]): entry is [string, Inside] {
  return entry[1] !== undefined;
}

function inside(texts: Texts, machine: string, ready: Answer): Inside | undefined {
  const guest = texts.get(`guest.${machine}`) ?? "";
  if (guest === "") return undefined;
  const said = <T>(what: string, read: (text: string) => T): T | undefined => {
    const text = texts.get(`path.${what}.${machine}`);
    return text === undefined ? undefined : read(text);
  };
  const isOne = (text: string): boolean => answer(text).text === "1";
  return {
    addresses: parseInterfaces(guest),
    state: ready.text.split("\n")[0] ?? "",
    networks: new Map(interfacesIn(texts, machine).map((name) => [name, insideNetwork(texts, machine, name)])),
    silent: { ipv4: said("silent4", isOne) === true, ipv6: said("silent6", isOne) === true },
    firewall: [...nftChains(said("firewall", lines) ?? []), ...legacyChains(said("legacy", lines) ?? [])],
  };
}

/** Interfaces of a machine that were looked at: each is asked where it sends IPv4, whatever it has. */
function interfacesIn(texts: Texts, machine: string): string[] {
  const prefix = `path.out4.${machine}.`;
  return [...texts.keys()].flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
}

function insideNetwork(texts: Texts, machine: string, name: string): InsideNetwork {
  const said = <T>(what: string, read: (text: string) => T): T | undefined => {
    const text = texts.get(`path.${what}.${machine}.${name}`);
    return text === undefined ? undefined : read(text);
  };
  const perhaps = (text: string): Routed => routedByMachine(text, machine);
  return {
    out: { ipv4: said("out4", perhaps), ipv6: said("out6", perhaps) },
    from: { ipv4: said("from4", perhaps), ipv6: said("from6", perhaps) },
    gateway: { ipv4: said("gateway4", answer), ipv6: said("gateway6", answer) },
  };
}

/** A status on a line, and what was said. */
function answer(text: string): Answer {
  const { code, said } = parts(text);
  return { code, text: printable(said) };
}

function parts(text: string): { code: number; said: string } {
  const end = text.indexOf("\n");
  const code = /^\d{1,3}$/.exec(text.slice(0, end))?.[0];
  return { code: code === undefined ? 255 : Number(code), said: text.slice(end + 1).trim() };
}

function routed(text: string, what: string): Routed {
  const { code, said } = parts(text);
  const [entry] = code === 0 ? jsonEntries(what, said) : [];
  const route = entry && {
    dev: entry.text("dev"),
    gateway: entry.text("gateway"),
    prefsrc: entry.text("prefsrc"),
  };
  return { ...(route === undefined ? {} : { route }), said: printable(said) };
}

/** Its root has a say in it, and its host is not to blame. */
function routedByMachine(text: string, machine: string): Routed {
  try {
    return routed(text, `the route of ${machine}`);
  } catch {
    return { said: printable(parts(text).said) };
  }
}

function lines(text = ""): string[] {
  return printable(text)
    .split("\n")
    .filter((line) => line !== "");
}
