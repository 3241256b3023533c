import type * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { BridgeNetwork, type BridgeNetworkArgs } from "./bridge-network";
import { shown } from "../model/read/shown";
import type { Host } from "./host";

/** Arguments of {@link bridgeNetworks}: those of a {@link BridgeNetwork}, for all of them. */
export interface BridgeNetworksArgs<Name extends string = string> extends Omit<BridgeNetworkArgs, "host" | "bridge"> {
  /** What the names of the bridges begin with. Default `br-`. */
  prefix?: string;
  /** Arguments that some of them have instead, by name: `{ storage: { mtu: 9000 } }`. */
  each?: Partial<Record<Name, Omit<BridgeNetworkArgs, "host" | "bridge">>>;
}

/**
 * Several {@link BridgeNetwork}s of one host in one call. Each is called like its bridge, `br-mgmt` for the name `mgmt`, as a
 * resource and on the host.
 *
 * Mode `isolated` unless another one is given; all other defaults are those of a {@link BridgeNetwork}. Bridges that are on the
 * host already are taken over with `adopt: true`.
 *
 * Errors: `NSPAWN_INVALID_INPUT` in the preview, if there is no name or one twice; else those of {@link BridgeNetwork}.
 *
 * @param host the host on which the bridges are created
 * @param names what follows the prefix, each once
 * @param args arguments of all of them, and of each
 * @param options Pulumi's resource options, of each of them
 * @returns the bridges by their names
 */
export function bridgeNetworks<const Name extends string>(
  host: Host,
  names: readonly Name[],
  { prefix = "br-", each = {}, ...common }: BridgeNetworksArgs<Name> = {},
  options: pulumi.ComponentResourceOptions = {},
): Record<Name, BridgeNetwork> {
  refuseNames(prefix, names, each);
  const bridges = names.map((name): [Name, BridgeNetwork] => {
    const bridge = prefix + name;
    return [name, new BridgeNetwork(bridge, { mode: "isolated", ...common, ...each[name], host, bridge }, options)];
  });
  return Object.fromEntries(bridges) as Record<Name, BridgeNetwork>;
}

/** Plain JavaScript lets anything pass. */
function refuseNames(prefix: unknown, names: readonly string[], each: unknown): void {
  const refuse = (path: string, message: string): never => {
    throw new NspawnError("NSPAWN_INVALID_INPUT", `bridgeNetworks: ${path}: ${message}`, { path });
  };
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== "string" || name === ""))
    refuse("names", 'must be a list of names of bridges, such as ["mgmt", "storage"]');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse("names", `"${twice}" is listed twice; each bridge has a name of its own`);
  if (typeof prefix !== "string") refuse("prefix", `must be text, such as "br-" (got ${shown(prefix)})`);
  if (typeof each !== "object" || each === null || Array.isArray(each))
    refuse("each", `must be an object of arguments by name, such as { storage: { mtu: 9000 } } (got ${shown(each)})`);
  const unknown = Object.keys(each as object).find((name) => !names.includes(name));
  if (unknown !== undefined) refuse("each", `"${unknown}" is none of the bridges ${names.join(", ")}`);
}
