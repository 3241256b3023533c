import { createInterface } from "node:readline/promises";
import Table from "cli-table3";
import { Command } from "commander";
import pc from "picocolors";
import { CliError } from "./cli-error";
import { imagesOn, prune, type HostImage, type OnHost } from "./images/on-host";
import { configuredKey } from "./stack/configured-key";
import { imageHostsOf } from "./stack/images";
import { elsewhere, placeFlags, type PlaceOptions } from "./stack/place";
import { readStacks } from "./stack/read-stacks";

const help = `
Asks each host of the stack, over SSH as the library connects, which images it has. An image is used as long as a machine
of the host is made of it, in whatever stack, or a MachineImage has made it. Machines are copies: without their image they
lose nothing, and it is made anew for the next one. Where it looks is chosen as for \`ls\`.

Exit codes: 0 listed, or pruned; 2 wrong use; 3 the stack, the lab or a host could not be asked.`;

type Options = PlaceOptions & { json?: boolean; prune?: boolean; yes?: boolean };

/** `pulumi-nspawn images`: what machines are made of, and what of it nobody needs. */
export function imagesCommand(): Command {
  return new Command("images")
    .description("the images of each host: source, size, date, used by; --prune removes those that nobody uses")
    .option("--lab <name>", "the stacks of this lab")
    .option("--stack <name>", "this stack, as pulumi names it")
    .option("--json", "print one JSON object")
    .option("--prune", "remove the images that nobody uses, after a question")
    .option("--yes", "do not ask")
    .addHelpText("after", help)
    .action(show);
}

async function show(options: Options): Promise<void> {
  const code = await elsewhere(options, ["images", ...flags(options)]);
  if (code !== undefined) {
    process.exitCode = code;
    return;
  }
  const stacks = await readStacks({ stack: options.stack, secrets: true });
  const hosts = stacks.flatMap(imageHostsOf);
  const all = await Promise.all(hosts.map(async (host) => imagesOn(host, await configuredKey(host.stack))));
  if (!options.prune || !options.json) print(all, options.json === true);
  const unused = all.map(({ images, ...on }) => ({ ...on, images: images.filter(({ used }) => !used) }));
  if (options.prune && unused.some(({ images }) => images.length > 0)) await remove(unused, options);
  else if (options.prune) tell(options, { pruned: [] }, "There is no image that nobody uses.");
}

function flags({ json, prune: isPrune, yes, ...place }: Options): string[] {
  return [
    ...placeFlags(place),
    ...(json ? ["--json"] : []),
    ...(isPrune ? ["--prune"] : []),
    ...(yes ? ["--yes"] : []),
  ];
}

async function remove(unused: OnHost[], options: Options): Promise<void> {
  const number = unused.reduce((sum, { images }) => sum + images.length, 0);
  if (!options.yes) await agreed(`Remove ${number === 1 ? "this image" : `these ${number} images`} that nobody uses?`);
  const pruned: object[] = [];
  for (const { host, key, images } of unused.filter((one) => one.images.length > 0)) {
    const left = await prune(
      host,
      key,
      images.map(({ hash }) => hash),
    );
    for (const warning of left) console.error(pc.yellow(warning));
    pruned.push({ host: host.name, images: images.map(({ hash }) => hash), warnings: left });
  }
  tell(
    options,
    { pruned },
    `Removed: ${number - pruned.flatMap((one) => (one as { warnings: string[] }).warnings).length}.`,
  );
}

function tell({ json }: Options, said: object, text: string): void {
  console.log(json ? JSON.stringify(said, null, 2) : text);
}

async function agreed(question: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CliError("nobody is there to ask; give --yes to remove them without a question", 2);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError("nothing was removed", 2);
}

function print(all: OnHost[], json: boolean): void {
  const records = all.flatMap(({ host, images }) => images.map((image) => ({ host: host.name, ...image })));
  if (json) return console.log(JSON.stringify({ images: records }, null, 2));
  if (records.length === 0) return console.log("There are no images on the hosts of this stack.");
  const head = ["HOST", "IMAGE", "SOURCE", "SIZE", "DATE", "USED BY"].map((title) => pc.bold(title));
  const grid = new Table({ head, style: { head: [], border: [] } });
  for (const image of records) grid.push(row(image));
  console.log(grid.toString());
}

function row({ host, hash, source, bytes, date, usedBy, used }: HostImage & { host: string }): string[] {
  const users = used ? usedBy.join("\n") : pc.dim("nobody");
  return [host, hash, source, `${Math.ceil(bytes / 1e6)} MB`, date?.slice(0, 10) ?? "-", users];
}
