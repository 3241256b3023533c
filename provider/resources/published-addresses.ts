import * as pulumi from "@pulumi/pulumi";
import { type Family, familyOf } from "../model/address";
import type { Mode } from "../model/mode";
import { isPrivateAddress } from "../model/private-address";
import type { BridgeNetwork } from "./bridge-network";
import { FloatingIp } from "./floating-ip";
import type { MachineNetwork } from "./machine-args";
import { listOf } from "./machine-networks";
import { isPrivate, modeOf } from "./modes";
import { type Publication, publicationOf } from "./publication";

/** An address of a machine, as records in DNS see it. */
export interface PublishedAddress extends Publication {
  address: pulumi.Input<string>;
}

/** The same of an address that the program has to wait for to know even its family. */
interface AwaitedAddress {
  address: pulumi.Output<string | undefined>;
  mode: pulumi.Output<Mode>;
}

/** All addresses of a machine; awaited if it takes the value of one of them to know which records there are. */
export type MachineAddresses = PublishedAddress[] | pulumi.Output<PublishedAddress[]>;

/**
 * The addresses of a machine's networks.
 *
 * @param found what the machine has on a LAN that gives addresses
 */
export function machineAddresses(
  networks: MachineNetwork[],
  found: pulumi.Output<string | undefined>[],
): MachineAddresses {
  const given = networks.flatMap(({ network, addresses }) =>
    listOf(addresses).map((address) => seen(address, network)),
  );
  const [first] = networks;
  const onLan = first !== undefined && givesAddresses(first.network);
  const all = onLan ? [...given, ...found.map((address) => ({ address, mode: first.network.lan.mode }))] : given;
  const known = all.filter((one): one is PublishedAddress => "family" in one);
  return known.length === all.length ? known : pulumi.all(all.map(settled)).apply(distinct);
}

/** Of a mode that the program does not know yet, maybe. */
const givesAddresses = ({ plainMode }: BridgeNetwork): boolean =>
  plainMode === undefined || modeOf(plainMode)?.givesAddresses === true;

function seen(address: FloatingIp | pulumi.Input<string>, network: BridgeNetwork): PublishedAddress | AwaitedAddress {
  if (address instanceof FloatingIp) return { address: address.address, ...address.publication };
  const output = pulumi.output(address);
  const publication = publicationOf(address) ?? plainPublication(address, network.plainMode);
  return publication === undefined ? { address: output, mode: network.lan.mode } : { address: output, ...publication };
}

const plainPublication = (address: unknown, mode: Mode | undefined): Publication | undefined =>
  typeof address === "string" && mode !== undefined ? ofText(address, mode) : undefined;

/** A text that is no address is refused with its machine. */
function ofText(address: string, mode: Mode): { family: Family; isPublic: boolean } {
  const family = familyOf(address);
  return { family, isPublic: !isPrivate(mode, family) && !isPrivateAddress(address) };
}

function settled(one: PublishedAddress | AwaitedAddress): pulumi.Output<PublishedAddress[]> {
  if ("family" in one) return pulumi.output([one]);
  return pulumi
    .all([one.address, one.mode])
    .apply(([address, mode]) => (address === undefined ? [] : [{ address, ...ofText(address, mode) }]));
}

/** What a LAN is asked for is what was given, where something was. */
function distinct(each: PublishedAddress[][]): PublishedAddress[] {
  const byAddress = new Map(each.flat().map((one) => [one.address, one]));
  return [...byAddress.values()];
}
