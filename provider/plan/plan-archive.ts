import type { MachineArgs } from "../model/args";
import { imageHash } from "../model/image";
import { Draft } from "./draft";
import { imageStep } from "./image-step";
import { machineObject } from "./machine-object";
import type { Program } from "./program";
import { resourceKey } from "./resource-key";

/** Seconds. An archive takes as long as it takes; a connection that dies is noticed by its keepalive. */
const sendDeadline = 86_400;

/** Asks whether an archive has to be sent: the host may have its image, or the machine itself. */
export function planArchiveWanted({ name, image }: MachineArgs): Program {
  const steps = [{ verb: "image_wanted" as const, hash: imageHash(image), machine: name }];
  return { steps, texts: {}, deadline: 300 };
}

/** Makes a machine's image of an archive of that many bytes, which comes on standard input. */
export function planArchive(args: MachineArgs, bytes: number): Program {
  const draft = new Draft();
  const key = resourceKey(args.owner, machineObject(args.name));
  draft.add({ verb: "own", key, owner: args.owner }, imageStep(draft, args, { bytes: String(bytes) }));
  return draft.program(sendDeadline);
}
