import type { BridgeArgs } from "../model/args";
import { parseBridge } from "../model/parse-bridge";
import { storedDefaults } from "../model/stored";
import { bridgeObject } from "../plan/bridge-object";
import { planBridge } from "../plan/plan-bridge";
import { trafficOfBridge, underlaysOf } from "../observe/traffic-of";
import { planBridgeRemoval } from "../plan/plan-removal";
import { desiredBridge } from "../render/desired-bridge";
import { guarded } from "./guarded";
import type { Kind } from "./kind";
import { provider } from "./provider";

const kind: Kind<BridgeArgs> = {
  type: "BridgeNetwork",
  idPart: "bridge",
  nameOf: (args) => args.bridge,
  identity: ["host", "bridge"],
  deleteBeforeReplace: false,
  defaults: storedDefaults.bridge,
  outputNames: [],
  parse: parseBridge,
  desired: desiredBridge,
  object: (args) => bridgeObject(args.bridge),
  subjectNames: (args) => ({ bridge: args.bridge, traffic: trafficOfBridge(args), underlays: underlaysOf(args) }),
  plan: planBridge,
  removal: (args) => planBridgeRemoval(args.owner, args.bridge),
  outputs: () => ({}),
};

/** Handlers of `nspawn:BridgeNetwork`. */
export const bridgeNetwork = guarded(provider(kind));
