import type { FloatingIpArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { claim } from "./claim";
import { Draft } from "./draft";
import { hostFiles } from "./files";
import { freeAddresses } from "./free-addresses";
import type { Program } from "./program";
import { resourceKey } from "./resource-key";

export const floatingIpObject = (name: string): string => `floating-ip/${name}`;

/** Has a floating address answered for on the uplink. */
export function planFloatingIp(args: FloatingIpArgs, desired: Desired, previous: { owner?: string }): Program {
  const draft = new Draft();
  const object = floatingIpObject(args.name);
  draft.add({ verb: "own", key: resourceKey(args.owner, object), owner: args.owner }, { verb: "lock" });
  const addresses = [args.address];
  const key = claim(draft, args, desired, {
    ...{ object, adopt: false, formerOwner: previous.owner, confirm: false, addresses },
  });
  hostFiles(draft, desired);
  draft.add({ verb: "prune" }, { verb: "uplink" });
  freeAddresses(draft, desired);
  draft.add({ verb: "commit" }, { verb: "unlock" }, { verb: "facts", key });
  return draft.program(180);
}
