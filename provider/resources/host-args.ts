import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import { sshNames, type SshArgs } from "./ssh";
import type { ArgumentNames } from "./unknown-arguments";

/** Where a host keeps images and machines. */
export interface HostStorageArgs {
  /** What holds them. */
  type: pulumi.Input<"auto" | "directory" | "btrfs">;
  /** Size of the file of `btrfs`, or of the one that `auto` makes: a number of M, G or T (powers of 1024), at least `"1G"`. Default: 80 % of what is free. */
  size?: pulumi.Input<string>;
}

/** Arguments of {@link NspawnHost}. */
export interface NspawnHostArgs {
  /**
   * The server at Hetzner: arguments of an `hcloud.Server` to create, or an `hcloud.Server` that exists. Without it the
   * host is any Debian host that `ssh` reaches.
   */
  server?: hcloud.Server | hcloud.ServerArgs;
  /**
   * How to reach the host. Required without `server`, with `host` and one of `hostKey` and `acceptNewHostKey`; an existing
   * `hcloud.Server` needs one of these two as well. Default with `server`: its public address and the stack's key.
   */
  ssh?: SshArgs;
  /** Interface that leads to the internet. Default: the one with the default route. */
  uplink?: pulumi.Input<string>;
  /**
   * Debian packages to install beside those that the library needs (`debootstrap`, `iproute2`, `systemd-container`).
   * {@link debuggingPackages} is a useful list. Default: none.
   */
  packages?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Kernel settings by name, such as `{ "vm.swappiness": "10" }`; see sysctl.d(5). They are written to
   * `/etc/sysctl.d/60-pulumi-nspawn.conf` and hold exactly, also for limits that the library would otherwise only raise.
   * A setting that the kernel does not accept, or whose module is not loaded, is a warning and stays a difference in each
   * preview. Default: none.
   */
  sysctls?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Run systemd-resolved(8) and link `/etc/resolv.conf` to it, keeping the name servers and the search list that the host
   * had. A resolv.conf with options stays a file. One that names a server on the host itself (unbound, dnsmasq, Pi-hole)
   * stays as it is, and resolved opens no port. Default true.
   */
  resolved?: pulumi.Input<boolean>;
  /**
   * Who answers on the uplink for whole subnets (`subnets` of a machine's network) where the provider's router asks for each of
   * their addresses. `ndppd` installs Debian's ndppd(1) and runs it for exactly these subnets, by a unit and a configuration of
   * its own; `/etc/ndppd.conf` is left alone. Default: nobody; subnets are then refused where the router asks
   * (`NSPAWN_STRICT_UPLINK`, docs/addresses.md#a-router-that-asks).
   */
  neighbourProxy?: pulumi.Input<"ndppd">;
  /**
   * The host makes a key for WireGuard, which networks of several hosts need for `vxlan: { encrypt: "wireguard" }`: Debian's
   * `wireguard-tools` are installed, and the secret key is `/etc/pulumi-nspawn/wireguard.key`, which only root and
   * systemd-networkd can read. It never leaves the host, and is removed with the host's resource or this argument; the public key is
   * {@link NspawnHost.wireguardKey}. Default false.
   */
  wireguard?: pulumi.Input<boolean>;
  /**
   * Where images and the trees of machines are. `auto`: the host chooses once, when it is prepared: `btrfs` where
   * `/var/lib/machines` is empty, the kernel has btrfs and loop devices, and 4 GiB are free; else `directory`. `directory`: in `/var/lib/pulumi-nspawn/images` and `/var/lib/machines`, as they are
   * on the disk. `btrfs`: on a file system of their own in a sparse file, mounted at `/var/lib/machines`, where a machine is a
   * snapshot of its image: made at once, and without room of its own until it changes. `size` is that of the file, such as
   * `"40G"` (default: 80 % of what the disk has free when it is made); it can grow later, and never shrinks. Machines that exist
   * are not moved: a change between the two is refused while there are any (docs/images.md#storage). Default `auto`, and for a
   * host that an older version has prepared `directory`.
   */
  storage?: pulumi.Input<HostStorageArgs>;
  /**
   * All public keys that may log in as `ssh.user`. The user's authorized_keys file is written as a whole: other keys are
   * removed with a warning, and keys added by hand are drift. The list must hold the key of the next login, and the file
   * stays when the host is deleted. Default: the file is left alone. To rotate keys, see docs/ssh.md#rotation.
   */
  authorizedKeys?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Seconds, 30 to 600, within which a new SSH connection must confirm a change that could cut the host off. Without
   * confirmation the host rolls the change back (`NSPAWN_ROLLED_BACK`, docs/safety.md). Default 90.
   */
  confirmWithin?: pulumi.Input<number>;
  /**
   * Let other stacks use this host through {@link NspawnHost.reference}. While they have a resource on it, neither the host
   * nor the server that was created for it is removed (`NSPAWN_OWNED`). Default false: deleting a server that was created for
   * it deletes everything on it.
   */
  shared?: boolean;
  /**
   * Take over files that somebody else wrote, instead of failing with `NSPAWN_OWNED`; see docs/ownership.md. Default false.
   */
  adopt?: pulumi.Input<boolean>;
  /**
   * Set this on a host that is gone for good and run `up`, then `destroy`: resources on a host that cannot be reached are
   * then removed from the state with a warning, instead of failing with `NSPAWN_UNREACHABLE`. A host that answers, even
   * with another host key, is never forgotten. Default false.
   */
  forgetUnreachable?: pulumi.Input<boolean>;
  /**
   * The host's own IPv4 address on its uplink; only without `server`. Required where a device in front of the host
   * translates or forwards, so that `ssh.host` is not the host's own address (`up` refuses that address before it changes
   * anything). Default: `ssh.host` if it is an IPv4 address, else the address found on the uplink.
   */
  ipv4?: pulumi.Input<string>;
  /**
   * The IPv6 network routed to the host, in CIDR form, /48 to /112; only without `server`. Required for
   * `BridgeNetwork.ipv6For` where the uplink has single addresses only (/128, as on dedicated servers and with
   * DHCPv6). Default: the network found on the uplink.
   */
  ipv6Network?: pulumi.Input<string>;
}

export const hostNames: ArgumentNames<NspawnHostArgs> = {
  ...{ server: true, ssh: sshNames, uplink: true, packages: true, sysctls: true, resolved: true, neighbourProxy: true },
  storage: { type: true, size: true },
  ...{ authorizedKeys: true, confirmWithin: true, shared: true, adopt: true, forgetUnreachable: true },
  ...{ ipv4: true, ipv6Network: true, wireguard: true },
};

/** Which arguments are there is known before their values are: said at once, with what to write. */
export function requireAddressAndKey(args: NspawnHostArgs): void {
  const ssh = args.ssh ?? {};
  const hasKey = ssh.hostKey !== undefined || ssh.acceptNewHostKey !== undefined;
  const ours = args.server !== undefined && !(args.server instanceof hcloud.Server);
  if (args.server === undefined && ssh.host === undefined) {
    throw new NspawnError("NSPAWN_INVALID_INPUT", "a host needs `server` or `ssh.host`; got neither", {
      path: "ssh.host",
    });
  }
  if (!ours && !hasKey) {
    const advice =
      "give the host's public key (`ssh-keyscan -t ed25519 HOST`, compared out of band), or acceptNewHostKey: true";
    throw new NspawnError("NSPAWN_INVALID_INPUT", `ssh.hostKey is required for an existing host: ${advice}`, {
      path: "ssh.hostKey",
    });
  }
}
