import type { BridgeArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { plannedMode } from "./modes/planned-modes";
import type { Program } from "./program";

/** Makes a bridge, or brings it back to what is wanted. Machines on it are left alone. */
export const planBridge = (args: BridgeArgs, desired: Desired, previous: { owner?: string }): Program =>
  plannedMode(args.mode).planBridge(args, desired, previous);
