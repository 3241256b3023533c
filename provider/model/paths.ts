import { knownAttach } from "./known-mode";
import type { Attach, MachineAttach } from "./mode";

/** Every path that the library writes or reads on a host. */

export const machinesDirectory = "/var/lib/machines";
/** What is mounted there with storage of type btrfs. Not /var/lib/machines.raw, which Debian's own unit mounts by itself. */
export const machinesFile = "/var/lib/pulumi-nspawn/machines.btrfs";
export const machinesMount = "var-lib-machines.mount";
/** Debian package that makes its file system. */
export const storagePackage = "btrfs-progs";

export const configurationDirectory = "/etc/pulumi-nspawn";
export const proxiesDirectory = `${configurationDirectory}/proxies.d`;
/** Run-time state of the uplink script. */
export const runtimeDirectory = "/run/pulumi-nspawn";

export const sysctlFile = "/etc/sysctl.d/60-pulumi-nspawn.conf";
export const uplinkScript = `${configurationDirectory}/uplink`;
/** Made on the host, where only root and networkd read it: never sent, never in state. */
export const wireguardKeyFile = `${configurationDirectory}/wireguard.key`;
/** Raises limits of the kernel. */
export const limitsScript = `${configurationDirectory}/limits`;
export const limitsService = "pulumi-nspawn-limits.service";
export const ifUpHook = "/etc/network/if-up.d/pulumi-nspawn";
export const dhclientHook = "/etc/dhcp/dhclient-exit-hooks.d/pulumi-nspawn";
export const uplinkService = "pulumi-nspawn-uplink.service";
export const uplinkPathUnit = "pulumi-nspawn-uplink.path";
/** Answers for subnets, by ndppd(1). */
export const neighbourService = "pulumi-nspawn-ndppd.service";
export const neighbourScript = `${configurationDirectory}/ndppd`;
export const networkdConfiguration = "/etc/systemd/networkd.conf.d/60-pulumi-nspawn.conf";

export const resolvConf = "/etc/resolv.conf";
/** Written on the host from the resolv.conf that is found, so that no name fails while resolved takes over. */
export const resolvedDropIn = "/etc/systemd/resolved.conf.d/60-pulumi-nspawn.conf";
export const stubResolvConf = "/run/systemd/resolve/stub-resolv.conf";

export const unitFile = (unit: string): string => `/etc/systemd/system/${unit}`;

export const netdevFile = (bridge: string): string => `/etc/systemd/network/10-${bridge}.netdev`;
export const networkFile = (bridge: string): string => `/etc/systemd/network/10-${bridge}.network`;
/** Makes the uplink a port. Sorts before what the host's own networkd configuration may have for it. */
export const portFile = (uplink: string): string => `/etc/systemd/network/05-${uplink}.network`;
/** What only the host knows of its uplink, written there: the MAC address, the DHCP client's identity, static addresses. */
export const netdevDropIn = (bridge: string): string => `${netdevFile(bridge)}.d/00-uplink.conf`;
export const networkDropIn = (bridge: string): string => `${networkFile(bridge)}.d/00-uplink.conf`;
/** What keeps ifupdown away from an interface, at boot and when it is plugged in. */
export const ifupdownDropIn = "/etc/systemd/system/networking.service.d/60-pulumi-nspawn.conf";
export const ifupDropIn = (uplink: string): string =>
  `/etc/systemd/system/ifup@${uplink}.service.d/60-pulumi-nspawn.conf`;
/** A bridge's tunnel to other hosts, by the number of its segment: a host has each once. */
export const tunnelLink = (id: number): string => `vx-${id}`;
/** WireGuard between the same hosts, where that tunnel's packets are in it. */
export const meshLink = (id: number): string => `wg-${id}`;
/** The routes to a machine: a drop-in of the bridge, or of the machine's own cable. What a plug is: plugged.ts. */
export const routeFile = (bridge: string, plug: string, attach?: MachineAttach): string =>
  routeFiles[knownAttach(attach)](bridge, plug);

const routeFiles: Record<MachineAttach, typeof routeFile> = {
  bridge: (bridge, plug) => `${networkFile(bridge)}.d/${plug}.conf`,
  macvlan: (bridge, plug) => routeFiles.bridge(bridge, plug),
  veth: (bridge, plug) => `${machinePortFile(plug, "veth")}.d/${bridge}.conf`,
};

/** What networkd makes of a machine's port on a protected bridge, or of its cable. */
export const machinePortFile = (plug: string, attach?: Attach): string => networkFile(machinePort(plug, attach));

/** Name of a protected bridge's tables in nftables, one per family. */
export const filterTable = (bridge: string): string => `pulumi-nspawn-${bridge}`;
export const filterDirectory = `${configurationDirectory}/filter`;
export const filterFile = (bridge: string): string => `${filterDirectory}/${bridge}.nft`;
/** Loads it, and says whether it knows a machine. */
export const filterScriptFile = (bridge: string): string => `${filterDirectory}/${bridge}.sh`;
export const machineFilterFile = (bridge: string, machine: string): string =>
  `${filterDirectory}/${bridge}.d/${machine}.nft`;
export const filterService = (bridge: string): string => `pulumi-nspawn-filter-${bridge}.service`;
/** The administrator's own filter begins by flushing everything; ours is loaded again after each of its changes. */
export const nftablesDropIn = (bridge: string): string =>
  `/etc/systemd/system/nftables.service.d/60-pulumi-nspawn-${bridge}.conf`;

export const floatingProxyFile = (name: string): string => `${proxiesDirectory}/floating-${name}.conf`;
export const machineProxyFile = (machine: string): string => `${proxiesDirectory}/machine-${machine}.conf`;

export const machineUnit = (machine: string): string => `systemd-nspawn@${machine}.service`;
export const machineDropIn = (machine: string): string => `${unitFile(machineUnit(machine))}.d/60-pulumi-nspawn.conf`;
/** What takes effect while the machine runs. */
export const machineLimits = (machine: string): string => `${unitFile(machineUnit(machine))}.d/61-pulumi-nspawn.conf`;
/** Says whether what is mounted into a machine is what it was. */
export const mountsScript = (machine: string): string => `${configurationDirectory}/mounts/${machine}.sh`;
/** What a machine's unit runs before each start. */
export const startScript = (machine: string): string => `${configurationDirectory}/start/${machine}.sh`;
/** How much of the disk a machine may take, as the program on the host reads it. */
export const quotaFile = (machine: string): string => `${configurationDirectory}/quotas/${machine}`;
export const nspawnFile = (machine: string): string => `/etc/systemd/nspawn/${machine}.nspawn`;
/** The machine's end of its cable on the host; systemd-nspawn's own names for one on a bridge and for one that is not. */
export const machinePort = (plug: string, attach?: Attach): string => `${portPrefix[knownAttach(attach)]}-${plug}`;

const portPrefix: Record<Attach, string> = { bridge: "vb", veth: "ve" };

/** The link by which the host reaches a machine. */
export const linkTowards = (plug: string, bridge: string, attach?: MachineAttach): string =>
  links[knownAttach(attach)](plug, bridge);

const links: Record<MachineAttach, (plug: string, bridge: string) => string> = {
  bridge: (_, bridge) => bridge,
  macvlan: (_, bridge) => bridge,
  veth: (plug) => machinePort(plug, "veth"),
};

export const machineRoot = (machine: string): string => `${machinesDirectory}/${machine}`;
export const guestNetworkFile = (machine: string, inside: string): string =>
  `${machineRoot(machine)}/etc/systemd/network/80-container-${inside}.network`;
/** Kernel settings of a machine that is a router. */
export const guestSysctl = (machine: string): string => `${machineRoot(machine)}/etc/sysctl.d/60-pulumi-nspawn.conf`;
export const guestHostname = (machine: string): string => `${machineRoot(machine)}/etc/hostname`;
export const guestHosts = (machine: string): string => `${machineRoot(machine)}/etc/hosts`;
export const guestResolvConf = (machine: string): string => `${machineRoot(machine)}/etc/resolv.conf`;
export const guestTimezone = (machine: string): string => `${machineRoot(machine)}/etc/timezone`;
export const guestLocaltime = (machine: string): string => `${machineRoot(machine)}/etc/localtime`;
export const guestAuthorizedKeys = (machine: string): string => `${machineRoot(machine)}/root/.ssh/authorized_keys`;
/** Key of `secretFiles`: the hash in root's line of the guest's shadow file. */
export const guestRootPassword = (machine: string): string => `${machineRoot(machine)}/etc/shadow#root`;

const scripts: readonly string[] = [uplinkScript, limitsScript, neighbourScript, ifUpHook];

/** Mode of a file that the library writes: scripts 0755, secrets and authorized keys 0600, everything else 0644. */
export function modeOf(path: string): string {
  if (scripts.includes(path)) return "0755";
  const secret = /\/authorized_keys$|\/shadow(#|$)|\/ssh_host_[a-z0-9]+_key$/.test(path);
  return secret ? "0600" : "0644";
}
