import type { Lab } from "../../support/harness";
import type { Example } from "./example";

/** What an example promises, for `describeExample`. */
export interface Checked {
  /** Of its folder. */
  name: string;
  /** Before its commands: words of these, and what stands there in the lab. */
  given?: (lab: Lab) => Promise<Record<string, string>>;
  /** Its promises, kept at once after `up` and its README's commands, and after each kind of restart. */
  works: (example: Example) => Promise<void>;
  /** What only programs in the machines know, and a restart takes away. */
  inMachines?: (example: Example) => Promise<void>;
}
