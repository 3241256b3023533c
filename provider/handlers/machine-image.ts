import type { MachineImageArgs } from "../model/args";
import { parseMachineImage } from "../model/parse-machine-image";
import { publishedFile } from "../model/paths";
import { printableLine } from "../model/read/printable";
import { storedDefaults } from "../model/stored";
import type { Facts } from "../observe/facts/facts";
import {
  machineImageHash,
  machineImageObject,
  planMachineImage,
  planMachineImageRemoval,
} from "../plan/plan-machine-image";
import { desiredMachineImage } from "../render/desired-machine-image";
import { guarded } from "./guarded";
import type { Kind } from "./kind";
import { provider } from "./provider";

/** What the host noted when it made the image. */
function outputs(args: MachineImageArgs, { files }: Facts): Record<string, unknown> {
  const file = files.get(publishedFile(machineImageHash(args)));
  const lines = file?.type === "file" ? file.text.split("\n").map((line) => line.split("\t", 2)) : [];
  const said = (word: string): string => printableLine(lines.find(([name]) => name === word)?.[1] ?? "", 100);
  return { fingerprint: said("fingerprint"), bytes: Number(said("bytes")) || 0, date: said("date") };
}

const kind: Kind<MachineImageArgs> = {
  type: "MachineImage",
  idPart: "image",
  nameOf: ({ name, version }) => `${name}:${version}`,
  identity: ["name", "version", "host"],
  // Machines that are made of the old one go before it does.
  deleteBeforeReplace: false,
  defaults: storedDefaults.machineImage,
  outputNames: ["fingerprint", "bytes", "date"],
  parse: parseMachineImage,
  desired: desiredMachineImage,
  object: machineImageObject,
  subjectNames: () => ({}),
  plan: planMachineImage,
  removal: planMachineImageRemoval,
  outputs,
};

/** Handlers of `nspawn:MachineImage`. */
export const machineImage = guarded(provider(kind));
