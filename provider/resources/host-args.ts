import * as hcloud from "@pulumi/hcloud";
import type * as pulumi from "@pulumi/pulumi";
import { NspawnError } from "../errors";
import type { SshArgs } from "./ssh";

/** Arguments of NspawnHost. */
export interface NspawnHostArgs {
  /** A server to create (arguments of hcloud.Server) or an existing hcloud.Server. Without it: any Debian host by `ssh`. */
  server?: hcloud.Server | hcloud.ServerArgs;
  /** How to reach the host. Without `server`, `host` and `hostKey` (or `acceptNewHostKey`) are required. */
  ssh?: SshArgs;
  /** Interface that leads outside. Default: the one with the default route. */
  uplink?: pulumi.Input<string>;
  /** Debian packages, added to what the library needs (systemd-container, debootstrap, iproute2). See `debuggingPackages`. */
  packages?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Kernel settings by name, exactly as they have to be, written to sysctl.d, never to sysctl.conf. One that cannot be set
   * (its module is not loaded) is told by a warning and is a difference in each preview. Limits that the library raises
   * by itself are what is named here instead.
   */
  sysctls?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * systemd-resolved with its resolv.conf link. Servers and search list of before are handed on to it. Where resolv.conf has
   * options, it stays a file; where it names a server of the host itself (unbound, dnsmasq, Pi-hole), it stays as it
   * is, and resolved takes no port. Default true.
   */
  resolved?: pulumi.Input<boolean>;
  /**
   * All public keys that log in as `ssh.user`: its authorized_keys is written as a whole, keys of others go with a
   * warning, and what is added by hand is drift. Has to hold the key of the next login. What was written stays when the
   * host is deleted. Default: authorized_keys is nobody's business. Rotation of keys: docs/ssh.md.
   */
  authorizedKeys?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Seconds, 30 to 600, within which a new SSH connection has to confirm a change that could cut the host off; else the
   * host puts everything back by itself. Default 90.
   */
  confirmWithin?: pulumi.Input<number>;
  /**
   * Other stacks have machines, bridges or addresses on it by NspawnHost.reference: as long as they do, it is not
   * removed, and neither is the server that was made for it. Default false: a server takes along what is on it.
   */
  shared?: boolean;
  /** Take over files that somebody else wrote. Default false. */
  adopt?: pulumi.Input<boolean>;
  /**
   * For a host that is gone for good: what is deleted on it while it cannot be reached goes from state with a warning,
   * instead of an error. Run `up` with it once before `destroy`. A host that answers, also with another key, is never
   * forgotten. Default false.
   */
  forgetUnreachable?: pulumi.Input<boolean>;
  /**
   * The IPv4 address that the host has on its uplink; only for hosts without `server`. Default: `ssh.host` where that is
   * one, else as found. Needed where something in front of the host translates or forwards: then `ssh.host` is not its own,
   * which is refused before anything is changed.
   */
  ipv4?: pulumi.Input<string>;
  /**
   * The IPv6 network that is routed to the host, in CIDR form, /48 to /112; only for hosts without `server`. Default: as found
   * on the uplink. Needed for `ipv6For` where the uplink has single addresses alone (/128: dedicated servers, DHCPv6).
   */
  ipv6Network?: pulumi.Input<string>;
}

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
