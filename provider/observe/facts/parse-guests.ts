import { canonicalAddress } from "../../model/address";
import { jsonEntries, type JsonEntry } from "../../model/read/json-entry";
import { printableLine } from "../../model/read/printable";
import type { Facts, RawFacts } from "./facts";

const prefix = "guest.";
/** A machine may give itself as many addresses as it likes. */
const mostAddresses = 1000;

/**
 * Four lines of each running machine: the state of its service manager, then its host0 as ip-link(8) and ip-address(8)
 * describe it in JSON, and the addresses of all its interfaces. Its root has a say in all of it: texts that look like fields, and addresses without end. What makes
 * no sense is left out, and never refuses the host's report.
 */
export function parseGuests(
  texts: RawFacts["texts"],
): Pick<Facts, "guests" | "guestMacs" | "guestInterfaces" | "guestAddresses"> {
  const found = [...texts].filter(([name]) => name.startsWith(prefix));
  const of = <T>(line: number, read: (said: string) => T): Map<string, T> =>
    new Map(found.map(([name, said]) => [name.slice(prefix.length), read((said.split("\n", 4)[line] ?? "").trim())]));
  return {
    guests: of(0, (state) => printableLine(state, 100)),
    guestMacs: of(1, (link) => sensible(() => mac(link), "")),
    guestInterfaces: of(3, interfaces),
    guestAddresses: of(2, (link) => sensible(() => addresses(link), [])),
  };
}

/** Of the same lines the addresses of its interfaces, with their lengths. */
export function parseInterfaces(said: string): Map<string, string[]> {
  const [, , host0, all] = said.split("\n", 4).map((line) => line.trim());
  const links = [all, host0].flatMap((line) => sensible(() => jsonEntries("a machine's interfaces", line ?? ""), []));
  return new Map(
    links.slice(0, mostAddresses).flatMap((link): [string, string[]][] => {
      const read = (): string[] => link.entries("addr_info").slice(0, mostAddresses).flatMap(withLength);
      const name = sensible(() => link.text("ifname"), undefined);
      return name === undefined ? [] : [[printableLine(name, 15), sensible(read, [])]];
    }),
  );
}

function interfaces(said: string): Map<string, string> {
  const links = sensible(() => jsonEntries("a machine's interfaces", said), []);
  return new Map(
    links.slice(0, mostAddresses).flatMap((link): [string, string][] => {
      const name = sensible(() => link.text("ifname"), undefined);
      return name === undefined ? [] : [[printableLine(name, 15), sensible(() => macOf(link), "")]];
    }),
  );
}

function withLength(address: JsonEntry): string[] {
  const [local, length] = [address.text("local"), address.number("prefixlen")];
  return local === undefined || length === undefined ? [] : [`${local}/${length}`];
}

function sensible<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

const host0 = (said: string): JsonEntry | undefined => jsonEntries("a machine's host0", said)[0];

const mac = (said: string): string => macOf(host0(said));

function macOf(link: JsonEntry | undefined): string {
  const address = link?.text("address") ?? "";
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address) ? address : "";
}

/** Those that others can use for long: neither still being tried, nor IPv6's temporary ones. */
function addresses(said: string): string[] {
  const all = host0(said)?.entries("addr_info") ?? [];
  return all.slice(0, mostAddresses).flatMap((entry) => {
    const local = entry.text("local") ?? "";
    const lasting = entry.text("scope") === "global" && !entry.flag("temporary") && !entry.flag("tentative");
    return lasting && canonicalAddress(local) !== undefined ? [local] : [];
  });
}
