import * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { isIpv6 } from "../model/address";
import { originOf } from "./address";
import { claim } from "./claims";
import { FloatingIp } from "./floating-ip";
import type { MachineNetwork } from "./machine-args";

function hostOf(address: FloatingIp): string {
  if (address.host !== undefined) return address.host.ref.id;
  const message = "a floating address without a `host` reaches no machine: give the FloatingIp the machine's host";
  throw new NspawnError("NSPAWN_INVALID_INPUT", message, { path: "networks" });
}

function addressInput(address: FloatingIp | pulumi.Input<string>): { host?: string } & pulumi.Inputs {
  // A floating address answers for itself on the uplink; any other address has to be answered for by its machine.
  if (address instanceof FloatingIp) return { address: address.address, host: hostOf(address), proxied: false };
  return { address, host: originOf(address), proxied: true };
}

/**
 * Inputs of a machine's networks. Where the bridge and the addresses are goes along, so that `check` can compare; an
 * address on the machine's own host needs no word.
 */
export function networkInputs(networks: MachineNetwork[], machineHost: string): pulumi.Inputs[] {
  return networks.map(({ network, addresses = [] }) => ({
    bridge: network.bridge,
    host: network.host.ref.id,
    addresses: addresses
      .map(addressInput)
      .map((input) => (input.host === machineHost ? { ...input, host: undefined } : input)),
    gateway4: network.host.ipv4,
    ipv6: network.ipv6Network,
  }));
}

/** All addresses in order; an address that another machine has already fails here, in the preview. */
export function claimedAddresses(networks: MachineNetwork[], claimant: string): pulumi.Output<string[]> {
  const inputs = networks.flatMap(({ addresses = [] }) => addresses.map(addressInput));
  const each = inputs.map(({ address }) =>
    pulumi.output(address as pulumi.Input<string>).apply((known) => {
      claim(`address ${known}`, claimant);
      return known;
    }),
  );
  return pulumi.all(each);
}

/** The first address of a family, known as soon as the addresses are. */
export function firstOf(
  family: "ipv4" | "ipv6",
  addresses: pulumi.Output<string[]>,
): pulumi.Output<string | undefined> {
  return addresses.apply((all) => all.find((address) => isIpv6(address) === (family === "ipv6")));
}

/** What has to be there before a machine: its bridges and its floating addresses. */
export function needsOf(networks: MachineNetwork[]): pulumi.Resource[] {
  return networks.flatMap(({ network, addresses = [] }) => [
    network.prepared,
    ...addresses.flatMap((address) => (address instanceof FloatingIp ? address.prepared : [])),
  ]);
}
