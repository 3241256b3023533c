import type { Desired } from "../model/desired";
import type { Traffic } from "./netfilter/traffic";
import type { Underlay } from "./netfilter/underlay";

/** What to compare with: the names of facts come from what is wanted, their values from the host. */
export interface Subject {
  desired: Desired;
  /** The resource's folder under owners/. */
  key: string;
  machine?: string;
  bridge?: string;
  /** Digests by name of what is to be done in a machine: `file /etc/motd`. */
  parts?: ReadonlyMap<string, string>;
  /** Which of the host's traffic is the resource's, by network. */
  traffic?: Omit<Traffic, "uplink">[];
  /** What comes to the host itself from other hosts of a network. */
  underlays?: Underlay[];
}
