import type { Desired } from "../model/desired";

/** What to compare with: the names of facts come from what is wanted, their values from the host. */
export interface Sought {
  desired: Desired;
  /** The resource's folder under owners/. */
  key: string;
  machine?: string;
  bridge?: string;
}
