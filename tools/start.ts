// `npm start`: a lab, `pulumi up` of stacks/ in it, and the proof that the machine has public addresses of its own.
import { Command } from "commander";
import pc from "picocolors";
import { defaultLab } from "../lab";
import { openLab, pulumi, type LabSession } from "./lab-session";
import { withPackageOptions, type PackageOptions } from "./packages";
import { holds, type FamilyProof } from "./proofs/family";
import { proveBoth } from "./proofs/in-lab";
import { printProof } from "./proofs/print";

interface StartOptions extends PackageOptions {
  json: boolean;
  lab: string;
  onlyLab: boolean;
}

async function deploy(session: LabSession): Promise<void> {
  if ((await pulumi(session, ["stack", "select", "lab"], true)) !== 0) {
    if ((await pulumi(session, ["stack", "init", "lab"])) !== 0) throw new Error("the stack could not be made");
  }
  const code = await pulumi(session, ["up", "--yes", "--skip-preview", "--stack", "lab"]);
  if (code !== 0) throw new Error(`pulumi up ended with exit code ${code}; \`npm start\` again goes on from there`);
}

function next(session: LabSession, address: string): string {
  const lab =
    session.name === defaultLab ? "npx pulumi-nspawn lab exec" : `npx pulumi-nspawn lab exec --name ${session.name}`;
  return [
    pc.bold("Try next:"),
    `  ${lab} client -- ssh root@${address}`,
    `  ${lab} host-1 -- machinectl list`,
    `  ${lab} operator -- pulumi preview --refresh --diff`,
  ].join("\n");
}

function report(proofs: { ipv4: FamilyProof; ipv6: FamilyProof }, session: LabSession, json: boolean): void {
  const text = [printProof("IPv4", proofs.ipv4), printProof("IPv6", proofs.ipv6), next(session, proofs.ipv4.address)];
  process.stdout.write(`\n${text.join("\n\n")}\n`);
  if (json) process.stdout.write(`${JSON.stringify(proofs)}\n`);
}

async function start(options: StartOptions): Promise<void> {
  const session = await openLab(options.lab, options);
  if (options.onlyLab) return;
  await deploy(session);
  const proofs = await proveBoth(session);
  report(proofs, session, options.json);
  if (!holds(proofs.ipv4) || !holds(proofs.ipv6)) process.exitCode = 1;
}

withPackageOptions(new Command("npm start --"))
  .description(
    "Starts a Hetzner on this machine, deploys stacks/ in it, and proves that the machine is reached at its own addresses.",
  )
  .option("--json", "print the proofs as one JSON object in the last line", false)
  .option("--lab <name>", "name of the lab; default also by $PULUMI_NSPAWN_LAB", defaultLab)
  .option("--only-lab", "start the lab and stop there", false)
  .addHelpText("after", "\nExit codes: 0 all proofs hold, 1 something failed (the message says what), 2 usage.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(start)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
