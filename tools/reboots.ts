// `npm run reboots`: a host with machines is rebooted again and again; after each time all have to answer in both families.
import { Command, InvalidArgumentError } from "commander";
import { labDown, withOwnLab } from "../lab";
import { openLab } from "./lab-session";
import { withPackageOptions, type PackageOptions } from "./packages";
import { deployMachines, pulumi } from "./reboots/deploy-machines";
import { rebootHost } from "./reboots/reboot-host";

interface RebootsArguments extends PackageOptions {
  times: number;
  machines: number;
  lab: string;
  keep: boolean;
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number <= 100) return number;
  throw new InvalidArgumentError(`got ${JSON.stringify(text)}; a whole number from 1 to 100 is needed.`);
}

/** Whether every address answered after every reboot, and nothing had drifted after the last. */
async function rebootAll({ times, machines, lab }: RebootsArguments): Promise<boolean> {
  process.stderr.write(`making ${machines} machines …\n`);
  const addresses = await deployMachines(lab, machines);
  let answered = 0;
  let slowest = 0;
  for (let time = 1; time <= times; time++) {
    const { seconds, silent } = await rebootHost(lab, addresses);
    const said = silent.length === 0 ? "all answer" : `silent: ${silent.join(" ")}`;
    process.stderr.write(`reboot ${time} of ${times}: ${said} after ${seconds.toFixed(1)} s\n`);
    answered += addresses.length - silent.length;
    slowest = Math.max(slowest, seconds);
  }
  await pulumi(lab, "preview", "--refresh", "--expect-no-changes");
  const asked = times * addresses.length;
  process.stdout.write(
    `${times} reboots, ${machines} machines, both families: ${answered} of ${asked} answered, the slowest after ${slowest.toFixed(1)} s; nothing drifted\n`,
  );
  return answered === asked;
}

async function reboots(options: RebootsArguments): Promise<void> {
  await withOwnLab(options.lab, () => inLab(options));
}

async function inLab(options: RebootsArguments): Promise<void> {
  await openLab(options.lab, options);
  try {
    if (!(await rebootAll(options))) process.exitCode = 1;
  } finally {
    if (!options.keep) await labDown({ name: options.lab });
  }
}

withPackageOptions(new Command("npm run reboots --"))
  .description(
    "Reboots a host of the lab again and again; after each time all of its machines have to answer the client in both families, and in the end nothing may have drifted.",
  )
  .option("--times <number>", "how often", count, 20)
  .option("--machines <number>", "machines on the host", count, 5)
  .option("--lab <name>", "name of the lab; it is removed in the end", "reboots")
  .option("--keep", "leave the lab as it is in the end", false)
  .addHelpText("after", "\nExit codes: 0 all answered, 1 one did not or something failed, 2 usage.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(reboots)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
