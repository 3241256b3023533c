import { holds } from "../../../tools/proofs/family";
import { captured, clientAddress, prove } from "../reach";
import type { Lab } from "../../support/harness";

/** A lab, and the network namespaces of machines in it. */
export interface Inhabited {
  lab: Lab;
  inside: (host: string, machine: string, text: string) => Promise<string>;
}

const familyOf = (address: string): "ipv4" | "ipv6" => (address.includes(":") ? "ipv6" : "ipv4");

/** The client reaches each address by ping and SSH, and both ends see each other's own. */
export async function areReachedAndSeen({ lab }: Pick<Inhabited, "lab">, addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    const proof = await prove(lab, address, clientAddress[familyOf(address)]);
    expect([proof, holds(proof)]).toEqual([proof, true]);
  }
}

/** A machine's ping arrives at the client with this source; `from` is the machine's own address that it is sent from. */
export async function isSeenAs(
  { lab, inside }: Inhabited,
  host: string,
  machine: string,
  source: string,
  from?: string,
): Promise<void> {
  const far = clientAddress[familyOf(source)];
  const command = `ping -n -W2 ${from === undefined ? "" : `-I ${from}`} ${far}`;
  const ping = () => inside(host, machine, `${command} -c1 || ${command} -c3`);
  const seen = await captured(lab, "client", `(icmp or icmp6) and dst host ${far}`, ping);
  expect(seen).toMatch(/echo request/);
  const sources = [...seen.matchAll(/(\S+) > \S+: ICMP6?,? echo request/g)].map(([, from]) => from);
  expect(new Set(sources)).toEqual(new Set([source]));
}

/** One machine reaches another's address. */
export async function reaches({ inside }: Inhabited, host: string, machine: string, address: string): Promise<void> {
  const said = await inside(host, machine, `ping -n -c1 -W2 ${address} || ping -n -c3 -W2 ${address} || :`);
  expect([machine, address, said]).toEqual([machine, address, expect.stringMatching(/ [123] received/)]);
}
