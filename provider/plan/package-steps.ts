import type { Desired } from "../model/desired";
import { factAs } from "../model/fact/fact-as";
import type { Step } from "./step";

/** Installs what a resource needs of Debian; nothing, when it needs nothing. */
export function packageSteps(desired: Desired): Step[] {
  const names = Object.keys(factAs.named(desired.boot.packages));
  if (names.length === 0) return [];
  return [...names.map((name): Step => ({ verb: "package", name, need: "required" })), { verb: "install" }];
}
