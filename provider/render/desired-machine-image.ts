import type { MachineImageArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { desired } from "./desired";

/** What a MachineImage wants of its host: to have the image, whose content is what the machine was. */
export function desiredMachineImage({ name, version }: MachineImageArgs): Desired {
  return desired({ live: { image: `${name} ${version}` } });
}
