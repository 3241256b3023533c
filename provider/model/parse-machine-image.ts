import type { MachineImageArgs } from "./args";
import { machineImageDefaults } from "./defaults";
import { parse } from "./parse";
import type { Parsed } from "./problem";
import { object, optional, required } from "./read/object";
import { flag } from "./read/scalar";
import { commonFields } from "./rule/common";
import { imageVersion } from "./rule/image-version";
import { identifier, machineName, resourceName } from "./rule/name";

const read = object<MachineImageArgs>({
  ...commonFields,
  name: required(resourceName),
  version: optional(imageVersion, machineImageDefaults.version),
  source: required(object<MachineImageArgs["source"]>({ owner: required(identifier), machine: required(machineName) })),
  live: optional(flag, machineImageDefaults.live),
  keep: optional(flag, machineImageDefaults.keep),
});

/** Checks the arguments of `nspawn:MachineImage`: all problems at once. Unknowns pass. */
export function parseMachineImage(inputs: unknown): Parsed<MachineImageArgs> {
  return parse(read, () => undefined, inputs);
}
