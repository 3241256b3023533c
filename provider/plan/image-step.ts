import type { MachineArgs } from "../model/args";
import { imageHash } from "../model/image";
import type { Draft } from "./draft";
import { imageSource } from "./image-source";
import { hostObject } from "./plan-host";
import { resourceKey } from "./resource-key";
import type { Step } from "./step";

/** The step that makes a machine's image, if its host has neither. @param more words of its source */
export function imageStep(draft: Draft, { name, image, host }: MachineArgs, more: Record<string, string> = {}): Step {
  return {
    verb: "image",
    hash: imageHash(image),
    machine: name,
    host: resourceKey(host.id, hostObject),
    kind: image.kind,
    source: imageSource(draft, image, more),
  };
}
