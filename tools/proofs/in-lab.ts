import { join } from "node:path";
import { labRun } from "../../lab";
import type { LabSession } from "../lab-session";
import type { FamilyProof } from "./family";

/** The client's addresses in every lab. */
const client = { ipv4: "192.0.2.7", ipv6: "2001:db8:ffff::7" };

async function output(session: LabSession, place: string, argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await labRun(place, argv, { name: session.name });
  if (code === 0) return stdout;
  throw new Error(`${argv.join(" ")} at ${place} ended with exit code ${code}:\n${stderr}`);
}

async function prove(session: LabSession, address: string, own: string): Promise<FamilyProof> {
  const argv = [process.execPath, join(__dirname, "client.js"), address, own, session.env.NSPAWN_LAB_SSH_KEY ?? ""];
  return JSON.parse(await output(session, "client", argv)) as FamilyProof;
}

/** The proofs of both families of the machine that the stack `lab` made. */
export async function proveBoth(session: LabSession): Promise<{ ipv4: FamilyProof; ipv6: FamilyProof }> {
  const argv = ["pulumi", "stack", "output", "--json", "--stack", "lab"];
  const { ipv4, ipv6 } = JSON.parse(await output(session, "operator", argv)) as {
    ipv4: string;
    ipv6: string;
  };
  return { ipv4: await prove(session, ipv4, client.ipv4), ipv6: await prove(session, ipv6, client.ipv6) };
}
