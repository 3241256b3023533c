import * as pulumi from "@pulumi/pulumi";
import type { FleetMember, MachineFleetArgs } from "./fleet-args";
import { hostName, membersOf, templateOf } from "./fleet-members";
import { asMember } from "./fleet-membership";
import type { MachineNetwork } from "./machine-args";
import { modeOf } from "./modes";
import { NspawnMachine } from "./nspawn-machine";
import { retained } from "./retained";

/**
 * Several {@link NspawnMachine}s from one template, on one host or many. One member more or fewer changes nothing of the
 * others, and they are changed in turn, so that the fleet as a whole stays up (docs/fleets.md).
 *
 * Changes on the hosts: those of its machines.
 *
 * Errors (docs/errors.md): `NSPAWN_INVALID_INPUT`; `NSPAWN_FLEET` for a member that was not changed because another one failed;
 * else those of {@link NspawnMachine}.
 *
 * @example
 * ```ts
 * const on = [a, b].map((host, index) => ({ host, network: new nspawn.BridgeNetwork(`br0-${index}`, { host }) }));
 * const web = new nspawn.MachineFleet("web", {
 *   count: 6,
 *   on,
 *   template: {
 *     image: nspawn.image.debootstrap({ suite: "trixie", packages: ["nginx-light"] }),
 *     readyWhen: { http: { port: 80 } },
 *   },
 * });
 * export const addresses = web.addresses;
 * ```
 */
export class MachineFleet extends pulumi.ComponentResource {
  /** The members, in the order of their numbers or names. */
  readonly machines: NspawnMachine[];
  /** The addresses of each member by its name, in order, without prefix length: {@link NspawnMachine.addresses}. */
  readonly addresses: pulumi.Output<Record<string, string[]>>;
  /** Names of the members on each host, by the name of the host's resource. */
  readonly byHost: Record<string, string[]>;

  /**
   * @param name unique name of the resource, with which the names of members that are counted begin
   * @param args how many members, where they are, and what they are
   * @param options Pulumi's resource options; `retainOnDelete` also applies to the resources below
   */
  constructor(name: string, args: MachineFleetArgs, options: pulumi.ComponentResourceOptions = {}) {
    // Nothing is registered of what is refused.
    const members = membersOf(name, args);
    super("nspawn:index:MachineFleet", name, {}, retained(options));
    const { template, maxUnavailable = 1 } = args;
    this.machines = members.map((member) => {
      const of = templateOf(name, template, member);
      const machine = { ...of, host: member.host, networks: of.networks ?? usualNetworks(member) };
      return new NspawnMachine(member.name, asMember(machine, { name, maxUnavailable }), { parent: this });
    });
    this.addresses = pulumi.output(
      Object.fromEntries(this.machines.map(({ machineName, addresses }) => [machineName, addresses])),
    );
    this.byHost = byHost(members);
    this.registerOutputs({ addresses: this.addresses, byHost: this.byHost });
  }
}

/** Where nobody else gives a member its address, it has that of its name. */
function usualNetworks({ name, network }: FleetMember): MachineNetwork[] {
  const isGiven = network.givesLeases || modeOf(network.plainMode)?.givesAddresses === true;
  return [isGiven ? { network } : { network, addresses: [network.ipv6For(name)] }];
}

function byHost(members: FleetMember[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const { name, host } of members) (all[hostName(host)] ??= []).push(name);
  return all;
}
