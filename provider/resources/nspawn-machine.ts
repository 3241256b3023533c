import * as pulumi from "@pulumi/pulumi";
import { machineDefaults } from "../model/defaults";
import { basePackages } from "../model/image";
import { parseMachine } from "../model/parse-machine";
import type { Problem } from "../model/problem";
import { asWritten } from "../model/written";
import { claim, once } from "./duplicates";
import { withDefaults } from "./defaults";
import { MachineResource } from "./dynamic";
import type { DebootstrapSource } from "./image";
import type { NspawnMachineArgs } from "./machine-args";
import { claimedAddresses, firstOrLan, needsOf, networkInputs } from "./machine-networks";
import { ownerOf } from "./owner";
import { lookedAt } from "./refusals";
import { retained } from "./retained";

/**
 * A systemd-nspawn machine with public addresses of its own, without NAT.
 *
 * Changes on the host: the tree `/var/lib/machines/<name>`, `/etc/systemd/nspawn/<name>.nspawn`, a drop-in of its unit,
 * its routes as a drop-in of the bridge's `.network`, its line of the uplink's proxies. Inside the tree, before the
 * first boot: network file, hostname, keys. Seed items: S1.25–S1.39, S1R.06, S1R.08, S1R.10–S1R.12.
 * Errors: NSPAWN_NOT_READY (the machine exists and the next `up` repairs it), NSPAWN_MIRROR, NSPAWN_DISK_FULL, NSPAWN_OWNED.
 */
export class NspawnMachine extends pulumi.ComponentResource {
  readonly machineName: string;
  /** `systemd-nspawn@<name>.service`. */
  readonly unit: string;
  /** The first IPv4 address, known as soon as the address is; on a transparent bridge what the LAN gave, as found. */
  readonly ipv4: pulumi.Output<string | undefined>;
  /** The first IPv6 address, likewise. */
  readonly ipv6: pulumi.Output<string | undefined>;
  readonly addresses: pulumi.Output<string[]>;
  /** The guest's `host0`. */
  readonly macAddress: pulumi.Output<string>;
  readonly os: pulumi.Output<string>;

  constructor(name: string, args: NspawnMachineArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("nspawn:index:NspawnMachine", name, {}, retained(options));
    const { host, networks } = args;
    this.machineName = args.machineName ?? name;
    this.unit = `systemd-nspawn@${this.machineName}.service`;
    const claimant = `NspawnMachine "${name}"`;
    const claimed = claim(`machine ${this.machineName} on ${host.ref.id}`, claimant);
    for (const { network } of networks) network.attach();
    this.addresses = claimedAddresses(networks, host.ref.id, claimant);
    const dependsOn = [host.prepared ?? [], needsOf(networks)].flat();
    const own = { ...this.inputs(name, args), name: once(claimed, this.machineName) };
    const inputs = lookedAt(claimant, own, (plain) => problemsOf(plain, args));
    const machine = new MachineResource(name, inputs, {
      parent: this,
      dependsOn,
      deletedWith: host.server,
    });
    const [network] = networks;
    this.ipv4 = firstOrLan("ipv4", this.addresses, network?.network, machine);
    this.ipv6 = firstOrLan("ipv6", this.addresses, network?.network, machine);
    this.macAddress = machine.macAddress;
    this.os = machine.os;
    this.registerOutputs({ machineName: this.machineName, unit: this.unit, ipv4: this.ipv4, ipv6: this.ipv6 });
  }

  private inputs(name: string, args: NspawnMachineArgs): pulumi.Inputs {
    const {
      host,
      networks,
      image,
      rootPassword,
      rootPasswordFile,
      machineName: _,
      ...own
    } = withDefaults(args, {
      ...machineDefaults,
      // State that does not name it means a machine of an older version.
      confined: true,
    });
    return {
      ...own,
      stateVersion: 1,
      owner: ownerOf("machine", name),
      host: host.ref,
      connection: host.connection,
      credentials: host.credentials,
      secretFiles: pulumi.secret({}),
      name: this.machineName,
      networks: networkInputs(networks, host.ref.id, this.machineName),
      image: image.kind === "debootstrap" ? { ...image, packages: imagePackages(image, args) } : image,
      hostname: args.hostname ?? this.machineName,
      rootPassword: passwordOf(rootPassword, rootPasswordFile),
    };
  }
}

/** What is the host's own is told by the host, and a password's file is read by the provider alone. */
const notOurs = /^(connection|credentials|host|owner|ownUrn)\b/;

function problemsOf(inputs: object, { machineName }: NspawnMachineArgs): Problem[] {
  const { rootPassword, ...own } = inputs as { rootPassword?: unknown };
  const parsed = parseMachine(typeof rootPassword === "string" ? inputs : own);
  if (parsed.ok) return [];
  return asWritten(
    "NspawnMachine",
    inputs,
    parsed.problems.filter(({ path }) => !notOurs.test(path)),
  ).map(({ path, message }) => ({
    path,
    message:
      path === "machineName" && machineName === undefined
        ? `${message}; it is the resource's name unless it is given`
        : message,
  }));
}

/** In one place, marked as secret, also where a file holds it: `check` puts its hash there, which state has to encrypt. */
function passwordOf(
  text: NspawnMachineArgs["rootPassword"],
  file: NspawnMachineArgs["rootPasswordFile"],
): pulumi.Output<unknown> | undefined {
  if (file !== undefined) return pulumi.secret({ file, text });
  return text === undefined ? undefined : pulumi.secret(text);
}

function imagePackages(image: DebootstrapSource, args: NspawnMachineArgs): pulumi.Output<string[]> {
  const forKeys = args.authorizedKeys === undefined ? [] : ["openssh-server"];
  return pulumi.output(image.packages).apply((own) => [...new Set([...basePackages, ...forKeys, ...own])].sort());
}
