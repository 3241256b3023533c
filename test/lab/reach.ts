import { join } from "node:path";
import type { FamilyProof } from "../../tools/proofs/family";
import { root, type Lab } from "../support/harness";

export const clientAddress = { ipv4: "192.0.2.7", ipv6: "2001:db8:ffff::7" };

/** Whether one ping from the client is answered. */
export async function pings(lab: Lab, address: string): Promise<boolean> {
  return (await lab.exec("client", ["ping", "-n", "-c", "1", "-W", "2", address])).code === 0;
}

/** Pings until it is answered; seconds until then, or -1. */
export async function pingsWithin(lab: Lab, address: string, seconds: number): Promise<number> {
  const begun = Date.now();
  while (Date.now() - begun < seconds * 1000) {
    if (await pings(lab, address)) return (Date.now() - begun) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return -1;
}

/** The four proofs of one address, made by a process on the client. */
export async function prove(lab: Lab, address: string, own: string): Promise<FamilyProof> {
  const { NSPAWN_LAB_SSH_KEY: key } = await lab.env();
  const script = join(root, "bin", "tools", "proofs", "client.js");
  return JSON.parse(await lab.out("client", process.execPath, script, address, own, key)) as FamilyProof;
}

/** Packets that pass at a place while something happens, as tcpdump prints them. */
export async function captured(
  lab: Lab,
  place: string,
  filter: string,
  during: () => Promise<unknown>,
): Promise<string> {
  const capture = lab.exec(place, ["timeout", "6", "tcpdump", "-n", "-l", "-i", "any", filter]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await during();
  return (await capture).stdout;
}

/** Identifies one run of a machine: a restart changes it. */
export async function runOf(lab: Lab, host: string, machine: string): Promise<string> {
  return (
    await lab.out(host, "systemctl", "show", `systemd-nspawn@${machine}.service`, "-p", "InvocationID", "--value")
  ).trim();
}
