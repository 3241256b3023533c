import pc from "picocolors";
import { holds, type FamilyProof } from "./family";

function line(good: boolean, label: string, value: string): string {
  return `  ${good ? pc.green("✔") : pc.red("✘")} ${label.padEnd(44)} ${value}`;
}

/** The four proofs of one family as a person reads them. */
export function printProof(family: "IPv4" | "IPv6", proof: FamilyProof): string {
  const answered = (good: boolean) => (good ? "answered" : "no answer");
  return [
    `${pc.bold(family)} ${proof.address}`,
    line(proof.pingFromClient, "ping from the client", answered(proof.pingFromClient)),
    line(proof.tcpFromClient, "TCP from the client", answered(proof.tcpFromClient)),
    line(
      proof.sourceSeenByMachine === proof.clientAddress,
      "source that the machine saw (the client's own)",
      proof.sourceSeenByMachine,
    ),
    line(
      proof.sourceSeenByClient === proof.address,
      "source that the client saw (the machine's own)",
      proof.sourceSeenByClient,
    ),
    holds(proof) ? "" : pc.red(`  ${family} is not proved: npx pulumi-nspawn doctor walks the packet's path`),
  ]
    .filter((text) => text !== "")
    .join("\n");
}
