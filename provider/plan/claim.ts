import type { CommonArgs } from "../model/args";
import type { Desired } from "../model/desired";
import type { Draft } from "./draft";
import { recordText } from "./record";
import { resourceKey } from "./resource-key";
import { subnetSteps, vacantSteps } from "./vacant-steps";

interface Claim {
  /** `machine/web`. */
  object: string;
  adopt: boolean;
  /** Who owned it until now, when that changes (a renamed resource). */
  formerOwner?: string;
  /** Whether the change could cut the connection, and so has to be confirmed by a new one. */
  confirm: boolean;
  machine?: string;
  paths?: string[];
  /** The image that a machine is made of, and the one that a MachineImage is. */
  image?: string;
  publishes?: string;
  /** The interface that is a port of it and leads outside. */
  uplink?: string;
  /** Whose keys it writes. */
  login?: string;
  /** Kernel settings that it raises. */
  limits?: string[];
  /** Files that the host makes for itself, and that nobody reads. */
  secrets?: string[];
  /** What has to be no address of the host itself; remembered as the resource's own. */
  addresses?: string[];
  /** What is routed into a machine; remembered as well. */
  subnets?: string[];
}

/** Begins the transaction and makes a resource's paths its own; everything else that changes the host comes after it. */
export function claim(draft: Draft, args: CommonArgs, desired: Desired, of: Claim): string {
  const key = resourceKey(args.owner, of.object);
  const renamed = of.formerOwner !== undefined && of.formerOwner !== args.owner;
  const former = renamed ? resourceKey(of.formerOwner ?? "", of.object) : "-";
  const record = recordText({ ...of, owner: args.owner, urn: args.ownUrn }, desired);
  draft.add(...vacantSteps(draft, of.addresses), ...subnetSteps(draft, of.subnets));
  draft.add({ verb: "begin", key, former, confirm: of.confirm ? "yes" : "no" });
  draft.add({ verb: "claim", key, former, adopt: of.adopt ? "yes" : "no", record: draft.text(record) });
  return key;
}
