import type { BridgeArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { renderedMode } from "./modes/rendered-modes";

/** What a BridgeNetwork wants of its host: files of networkd, which nothing else writes. */
export const desiredBridge = (args: BridgeArgs): Desired => renderedMode(args.mode).bridge(args);
