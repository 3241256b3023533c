import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { labDir, labRun } from "../../lab";

// The end-to-end tests' program: it declares what the file that NSPAWN_TEST_SPEC names says.
const program = join(__dirname, "..", "..", "..", "test", "support", "program");

interface Outputs {
  machines: Record<string, { ipv4: string; ipv6: string }>;
}

/** One host `h1` with so many machines, each with a floating IPv4 address and an IPv6 address of the host's network. */
function spec(names: string[]): object {
  const each = (make: (name: string) => object): object =>
    Object.fromEntries(names.map((name) => [name, make(name)] as const));
  return {
    hosts: { h1: { server: {} } },
    bridges: { br0: { host: "h1" } },
    ips: each(() => ({ type: "ipv4", host: "h1" })),
    machines: each((name) => ({ host: "h1", bridge: "br0", addresses: [{ ip: name }, { ipv6For: name }] })),
  };
}

/** `pulumi` in the lab's operator, whose stack is called `lab`; a failure shows all that it said. */
export async function pulumi(lab: string, ...args: string[]): Promise<string> {
  const env = { NSPAWN_TEST_SPEC: join(labDir(lab), "reboots.json") };
  const argv = ["pulumi", ...args, "--non-interactive"];
  const { code, stdout, stderr } = await labRun("operator", argv, {
    name: lab,
    cwd: program,
    env: { ...process.env, ...env },
  });
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with exit code ${code}:\n${stdout}${stderr}`);
  return stdout;
}

/** Makes the machines, and answers their addresses of both families. */
export async function deployMachines(lab: string, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `m${index + 1}`);
  writeFileSync(join(labDir(lab), "reboots.json"), JSON.stringify(spec(names)));
  await pulumi(lab, "stack", "select", "lab", "--create");
  await pulumi(lab, "up", "--yes", "--skip-preview");
  const { machines } = JSON.parse(await pulumi(lab, "stack", "output", "--json")) as Outputs;
  return Object.values(machines).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
}
