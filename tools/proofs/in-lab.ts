import { join } from "node:path";
import { labExecOutput } from "../../lab";
import type { LabSession } from "../lab-session";
import type { FamilyProof } from "./family";

/** The client's addresses in every lab. */
const client = { ipv4: "192.0.2.7", ipv6: "2001:db8:ffff::7" };

async function prove(session: LabSession, address: string, own: string): Promise<FamilyProof> {
  const argv = [process.execPath, join(__dirname, "client.js"), address, own, session.env.NSPAWN_LAB_SSH_KEY ?? ""];
  return JSON.parse(await labExecOutput(session.name, "client", argv)) as FamilyProof;
}

/** The proofs of both families of the machine that the stack `lab` made. */
export async function proveBoth(session: LabSession): Promise<{ ipv4: FamilyProof; ipv6: FamilyProof }> {
  const argv = ["pulumi", "stack", "output", "--json", "--stack", "lab"];
  const { ipv4, ipv6 } = JSON.parse(await labExecOutput(session.name, "operator", argv)) as {
    ipv4: string;
    ipv6: string;
  };
  return { ipv4: await prove(session, ipv4, client.ipv4), ipv6: await prove(session, ipv6, client.ipv6) };
}
