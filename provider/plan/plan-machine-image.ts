import type { MachineImageArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { imageHash } from "../model/image";
import { publishedFile } from "../model/paths";
import { claim } from "./claim";
import { Draft } from "./draft";
import { machineObject } from "./machine-object";
import type { Program } from "./program";
import { resourceKey } from "./resource-key";

type Named = Pick<MachineImageArgs, "name" | "version">;

export const machineImageObject = ({ name, version }: Named): string => `image/${name}/${version}`;

/** The directory's name on the host. */
export const machineImageHash = ({ name, version }: Named): string => imageHash({ kind: "published", name, version });

/** Seconds. A tree of some gigabytes is copied twice. */
const publishDeadline = 3600;

/** Makes an image of a machine, unless the host has it. The host's lock is held by nobody while it is copied. */
export function planMachineImage(args: MachineImageArgs, desired: Desired, previous: { owner?: string }): Program {
  const draft = new Draft();
  const [object, hash] = [machineImageObject(args), machineImageHash(args)];
  const info = publishedFile(hash);
  draft.add({ verb: "own", key: resourceKey(args.owner, object), owner: args.owner }, { verb: "lock" });
  const of = { object, adopt: false, formerOwner: previous.owner, confirm: false, paths: [info], publishes: hash };
  const key = claim(draft, args, desired, of);
  const { owner, machine } = args.source;
  const source = resourceKey(owner, machineObject(machine));
  draft.add(
    { verb: "unlock" },
    { verb: "publish_image", hash, machine, key: source, live: args.live ? "yes" : "no", info },
    { verb: "lock" },
    { verb: "commit" },
    { verb: "unlock" },
    { verb: "facts", key },
  );
  return draft.program(publishDeadline);
}

/** Removes the image, unless it is kept; refused while a machine is made of it. */
export function planMachineImageRemoval(args: MachineImageArgs): Program {
  const key = resourceKey(args.owner, machineImageObject(args));
  const hash = machineImageHash(args);
  const draft = new Draft().add({ verb: "own", key, owner: args.owner }, { verb: "lock" });
  if (!args.keep) draft.add({ verb: "image_unused", hash });
  draft.add({ verb: "begin", key, former: "-", confirm: "no" }, { verb: "release", key }, { verb: "commit" });
  if (!args.keep) draft.add({ verb: "drop_image", hash });
  return draft.add({ verb: "finish_release", key }, { verb: "unlock" }).program(900);
}
