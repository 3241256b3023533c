import * as pulumi from "@pulumi/pulumi";
import { machineDefaults } from "../model/defaults";
import { basePackages } from "../model/image";
import { parseMachine } from "../model/parse-machine";
import type { Problem } from "../model/problem";
import { parseReachability, type Reachability } from "../model/reachability";
import { asWritten } from "../model/written";
import { claim } from "./duplicates";
import { withDefaults } from "./defaults";
import { membershipOf } from "./fleet-membership";
import { MachineResource } from "./dynamic";
import { makersOf, type DebootstrapSource } from "./image";
import { machineNames, type NspawnMachineArgs } from "./machine-args";
import {
  claimedAddresses,
  claimedPorts,
  claimedSubnets,
  firstOrLan,
  needsOf,
  networkInputs,
  attached,
} from "./machine-networks";
import { ownerOf } from "./owner";
import { machineAddresses, type MachineAddresses } from "./published-addresses";
import { noList, withProfiles } from "./profile";
import { misplacedSecrets, withSecretsApart } from "./provision-secrets";
import { lookedAt, madeOf, refused } from "./refusals";
import { retained } from "./retained";
import { madeBefore, order, ordered } from "./start-order";
import { unknownArguments } from "./unknown-arguments";

/**
 * A systemd-nspawn(1) machine with public addresses of its own. There is no NAT: the machine sees the client's real
 * address, and clients see the machine's.
 *
 * Changes on the host: the root file system `/var/lib/machines/<name>`, `/etc/systemd/nspawn/<name>.nspawn`
 * (systemd.nspawn(5)), drop-ins of `systemd-nspawn@<name>.service`, the machine's routes as a drop-in of the bridge's
 * `.network` file, and proxy entries on the uplink for addresses that are not floating. Before the first boot it writes
 * the network configuration, host name and keys into the machine.
 *
 * Errors (docs/errors.md): `NSPAWN_INVALID_INPUT`, `NSPAWN_NOT_READY` (the machine exists; the next `up` repairs it), `NSPAWN_PROVISION`,
 * `NSPAWN_STRICT_UPLINK`, `NSPAWN_IMAGE`, `NSPAWN_MIRROR`, `NSPAWN_DISK_FULL`, `NSPAWN_KERNEL_FEATURE`, `NSPAWN_OWNED`, `NSPAWN_OVERRIDDEN`,
 * `NSPAWN_MOVING`.
 *
 * @example
 * ```ts
 * const br0 = new nspawn.BridgeNetwork("br0", { host });
 * const web = new nspawn.NspawnMachine("web", {
 *   host,
 *   networks: [{ network: br0, addresses: [br0.ipv6For("web")] }],
 *   image: nspawn.image.debootstrap({ suite: "trixie", packages: ["nginx-light"] }),
 *   authorizedKeys: [publicKey],
 *   firewall: [{ direction: "in", protocol: "tcp", port: "80", sources: ["0.0.0.0/0", "::/0"] }],
 *   limits: { memoryMax: 2 * 1024 ** 3 },
 * });
 * ```
 */
export class NspawnMachine extends pulumi.ComponentResource {
  /** Name of the machine on its host. */
  readonly machineName: string;
  /** The machine's unit on the host, `systemd-nspawn@<name>.service`. */
  readonly unit: string;
  /**
   * The first given IPv4 address, known before the machine exists; on a transparent bridge, if none is given, the address
   * that the LAN assigned. Undefined without IPv4.
   */
  readonly ipv4: pulumi.Output<string | undefined>;
  /**
   * The first given IPv6 address, known before the machine exists; on a transparent bridge, if none is given, the address
   * that the machine has on the LAN. Undefined without IPv6.
   */
  readonly ipv6: pulumi.Output<string | undefined>;
  /** All given addresses of both families, in order, without prefix length. */
  readonly addresses: pulumi.Output<string[]>;
  /** All subnets that are routed into the machine, in order, in CIDR form. */
  readonly subnets: pulumi.Output<string[]>;
  /** MAC address of the machine's first interface, `host0`. */
  readonly macAddress: pulumi.Output<string>;
  /** Name of the operating system in the machine, `PRETTY_NAME` of os-release(5). */
  readonly os: pulumi.Output<string>;
  /**
   * What was seen of each way to the machine and back, of each network and family, in order: the proof that nothing translates.
   * Found by `up` whenever it creates or changes the machine; a refresh leaves it as it is. Empty where the machine does not run, or
   * `readyWhen` is `started`: nobody waits for its network then.
   */
  readonly reachability: pulumi.Output<Reachability[]>;
  /** The id that its files carry on the host. @internal */
  readonly owner: string;
  /** Which host it is on. @internal */
  readonly hostId: string;
  /** What it is called in DNS unless a name is given there; undefined if the program has to wait for it. @internal */
  readonly dnsName: string | undefined;
  /** Its addresses, as records in DNS see them. @internal */
  readonly published: () => MachineAddresses;

  /**
   * @param name unique name of the resource, and of the machine unless `machineName` is given
   * @param given where the machine runs, its networks and its image
   * @param options Pulumi's resource options; `retainOnDelete` also applies to the resources below
   */
  constructor(name: string, given: NspawnMachineArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("nspawn:index:NspawnMachine", name, {}, retained(options));
    const args = withProfiles(given);
    const { host } = args;
    this.machineName = args.machineName ?? name;
    this.owner = ownerOf("machine", name);
    this.hostId = host.ref.id;
    this.unit = `systemd-nspawn@${this.machineName}.service`;
    const claimant = `NspawnMachine "${name}"`;
    const networks = madeOf(claimant, () => attached(args.networks, this.machineName));
    const claimed = claim(`machine ${this.machineName} on ${host.ref.id}`, claimant);
    this.addresses = claimedAddresses(networks, host.ref.id, claimant);
    this.subnets = claimedSubnets(networks, host.ref.id, claimant);
    const after = names(args.startAfter);
    const inOrder = order(claimant, host.ref.id, this.machineName, after);
    const claims = [claimed, inOrder, openSecrets(claimant, args), ...claimedPorts(networks, host.ref.id, claimant)];
    const dependsOn = [
      host.prepared ?? [],
      needsOf(networks),
      madeBefore(host.ref.id, after),
      makersOf(args.image),
    ].flat();
    const own = { ...this.inputs(name, { ...args, networks }), fleet: membershipOf(given) };
    const inputs = lookedAt(claimant, own, (plain) => problemsOf(plain, given), claims);
    const machine = new MachineResource(name, inputs, {
      parent: this,
      dependsOn,
      deletedWith: host.deletedWith,
      // As the handlers say of a difference; of `--replace` nobody asks them, and the new machine is in the place of the old one.
      deleteBeforeReplace: true,
    });
    ordered(host.ref.id, this.machineName, machine);
    const [network] = networks;
    this.ipv4 = firstOrLan("ipv4", this.addresses, network?.network, machine);
    this.ipv6 = firstOrLan("ipv6", this.addresses, network?.network, machine);
    this.macAddress = machine.macAddress;
    this.os = machine.os;
    this.reachability = machine.reachability.apply((lines) => (lines ?? []).map(parseReachability));
    const called = args.hostname ?? this.machineName;
    this.dnsName = typeof called === "string" ? called : undefined;
    this.published = () => machineAddresses(networks, [this.ipv4, this.ipv6]);
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
      users,
      provision,
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
      ...withSecretsApart({ users, provision }),
    };
  }
}

/** Comes to its end where no secret stands in a place that is none of secrets. */
async function openSecrets(claimant: string, args: NspawnMachineArgs): Promise<void> {
  const problems = await misplacedSecrets(args);
  await Promise.all(problems.map((problem) => refused(claimant, problem)));
}

/** Of a program that is not type-checked; the check tells what else it gives. */
function names(given: unknown): string[] {
  return Array.isArray(given) ? given.filter((name): name is string => typeof name === "string") : [];
}

/** What is the host's own is told by the host, and a password's file is read by the provider alone. */
const notOurs = /^(connection|credentials|host|owner|ownUrn)\b/;

function problemsOf(inputs: object, args: NspawnMachineArgs): Problem[] {
  const unknown = [...unknownArguments(args, machineNames), ...noList(args.profiles)];
  const { rootPassword, ...own } = inputs as { rootPassword?: unknown };
  const parsed = parseMachine(typeof rootPassword === "string" ? inputs : own);
  // The check knows more names than a program has, so it says something else of one that nobody knows.
  const isTold = (path: string): boolean => unknown.some((one) => path === one.path || path === `${one.path}.value`);
  const found = parsed.ok ? [] : parsed.problems.filter(({ path }) => !notOurs.test(path) && !isTold(path));
  const problems = asWritten("NspawnMachine", inputs, found).map(({ path, message }) => ({
    path,
    message:
      path === "machineName" && args.machineName === undefined
        ? `${message}; the default is the resource's name`
        : message,
  }));
  return [...unknown, ...problems];
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
