import { Command, InvalidArgumentError, Option } from "commander";
import { printableLine } from "../provider/model/read/printable";
import {
  defaultLab,
  equipOperator,
  labDown,
  labEnv,
  labExec,
  LabError,
  labStatus,
  labUp,
  lineProgress,
  packageDir,
  silentProgress,
  type LabStatus,
} from "../lab";
import { ensureEngine } from "../engine";

const exitCodes = `
Exit codes: 0 done; 1 failed; 2 wrong use; 3 no such lab, place or server, or it does not run; 4 something is missing on this machine.
exec passes the command's own exit code on (128 + n after signal n).`;

interface Common {
  name: string;
  json?: boolean;
}

/** `pulumi-nspawn lab …`: a Hetzner on this machine. */
export function labCommand(): Command {
  const lab = new Command("lab")
    .enablePositionalOptions()
    .description("a Hetzner on this machine: router, client, API and servers, without a way out")
    .addHelpText("after", exitCodes);
  add(lab, "up", "make the lab, or start it again; a running one is left as it is")
    .addOption(
      new Option("--uplink <kind>", "strict: the router asks by ARP and ND; lenient: it routes to the server").choices([
        "strict",
        "lenient",
      ]),
    )
    .addOption(
      new Option("--lan-ipv6 <kind>", "how hosts of the plain LAN get IPv6 addresses").choices(["slaac", "dhcpv6"]),
    )
    .option("--lease <seconds>", "length of a DHCP lease", positive)
    .option("--action-delay <ms>", "what each action of the API takes beyond the real work", wholeNumber)
    .option("--no-engine", "get no Pulumi engine: the place `operator` has then the `pulumi` that it had, or none")
    .action(up);
  add(lab, "status", "what the lab consists of now").action(status);
  lab
    .command("exec")
    .description("run a command at a place of the lab: client, router, operator, or a server by name or id")
    .argument("<place>")
    .argument("<command...>")
    .option("--name <lab>", "name of the lab; default also by $PULUMI_NSPAWN_LAB", defaultLab)
    .passThroughOptions()
    .addHelpText("after", exitCodes)
    .action(async (place: string, command: string[], { name }: Common) => {
      process.exitCode = await labExec(place, command[0] === "--" ? command.slice(1) : command, { name });
    });
  add(lab, "env", "what a program in the place `operator` needs: for a shell's eval, or --json").action(
    ({ name, json }: Common) => {
      process.stdout.write(labEnv(json ? "json" : "sh", name));
    },
  );
  add(lab, "down", "end the lab and remove everything that it made; images and packages stay in the cache").action(
    down,
  );
  return lab;
}

function add(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option("--name <lab>", "name of the lab; default also by $PULUMI_NSPAWN_LAB", defaultLab)
    .option("--json", "print one JSON object")
    .addHelpText("after", exitCodes);
}

async function up(
  options: Common & {
    uplink?: "strict" | "lenient";
    lanIpv6?: "slaac" | "dhcpv6";
    lease?: number;
    actionDelay?: number;
    engine: boolean;
  },
): Promise<void> {
  const { name, json } = options;
  const progress = json ? silentProgress : lineProgress((line) => console.error(line));
  const { started } = await labUp({
    name,
    progress,
    uplink: options.uplink,
    lanIpv6: options.lanIpv6,
    leaseSeconds: options.lease,
    actionDelayMs: options.actionDelay,
  });
  const now = labStatus(name);
  console.log(json ? JSON.stringify({ ...now, started }, null, 2) : describe(now));
  if (options.engine) await equip(name);
}

/** Last, as it may take minutes: the lab runs whatever comes of it. */
async function equip(name: string): Promise<void> {
  const root = packageDir();
  await equipOperator(name, (pulumiHome) => ensureEngine({ pulumiHome, root })).catch((error: Error) => {
    throw new LabError(`the lab runs, and operator has no pulumi (--no-engine does without):\n${error.message}`, 4);
  });
}

function status({ name, json }: Common): void {
  const now = labStatus(name);
  console.log(json ? JSON.stringify(now, null, 2) : describe(now));
  if (now.state === "none" || now.state === "stopped") process.exitCode = 3;
}

async function down({ name, json }: Common): Promise<void> {
  const result = await labDown({ name });
  if (json) console.log(JSON.stringify(result));
  else console.log(result.removed ? `The lab "${name}" is gone.` : `There is no lab "${name}".`);
}

function describe(lab: LabStatus): string {
  if (lab.state === "none") return `There is no lab "${lab.name}".`;
  const lines = [
    `Lab "${lab.name}": ${lab.state}, ${lab.uplink} uplink; client ${lab.client.ipv4} and ${lab.client.ipv6}.`,
  ];
  for (const server of lab.servers) {
    const addresses = [server.ipv4, server.ipv6, ...server.routed].filter((address) => address !== null).join(" ");
    lines.push(`  ${server.name} (${server.id}), ${server.running ? "on" : "off"}: ${addresses}`);
  }
  if (lab.servers.length === 0) lines.push("  no servers");
  return lines.map((line) => printableLine(line)).join("\n");
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("a whole number is allowed.");
  return Number(text);
}

function positive(text: string): number {
  // dnsmasq knows no shorter lease.
  if (wholeNumber(text) < 120) throw new InvalidArgumentError("at least 120 seconds are allowed.");
  return Number(text);
}
