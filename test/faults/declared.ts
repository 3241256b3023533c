import {
  bridgeArgs,
  hostArgs,
  isolatedBridgeArgs,
  macvlanBridgeArgs,
  natBridgeArgs,
  protectedBridgeArgs,
  type Site,
} from "./arguments";
import type { Args, FaultKind } from "./kind";
import type { Declared } from "./stack";

/** A resource that is not there, and then is. */
export const absent = (there: Args): Pick<FaultKind, "states" | "removable"> => ({
  states: [() => undefined, there],
  removable: true,
});

export const ofBridge = { handlers: "bridgeNetwork", key: "bridge", cuts: true };
export const ofMachine = { handlers: "nspawnMachine", key: "machine", cuts: false };

export const host = (site: Site): Declared => ({ kind: "nspawnHost", key: "host", args: hostArgs(site.one) });
/** The same with somebody who answers for subnets. */
export const proxyingHost = (site: Site): Declared => ({
  ...host(site),
  args: hostArgs(site.one, { neighbourProxy: "ndppd" }),
});
export const otherHost = (site: Site): Declared => ({ kind: "nspawnHost", key: "host2", args: hostArgs(site.two) });

const bridgeOf = (key: string, args: Declared["args"]): Declared => ({ kind: "bridgeNetwork", key, args });
export const bridge = (site: Site): Declared => bridgeOf("bridge", bridgeArgs(site.one));
export const otherBridge = (site: Site): Declared => bridgeOf("bridge2", bridgeArgs(site.two));
export const protectedBridge = (site: Site): Declared => bridgeOf("bridge", protectedBridgeArgs(site.one));
export const natBridge = (site: Site): Declared => bridgeOf("bridge", natBridgeArgs(site.one));
export const isolatedBridge = (site: Site): Declared => bridgeOf("back", isolatedBridgeArgs(site.one));
export const macvlanBridge = (site: Site): Declared => bridgeOf("back", macvlanBridgeArgs(site.one));
export const subnetBridge = (site: Site): Declared =>
  bridgeOf("bridge", protectedBridgeArgs(site.one, { subnets: true }));
