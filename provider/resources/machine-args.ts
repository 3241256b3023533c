import type * as pulumi from "@pulumi/pulumi";
import type { BridgeNetwork } from "./bridge-network";
import type { FloatingIp } from "./floating-ip";
import type { MachineImageSource } from "./image";
import type { MachineLimits, MachineSettings } from "./machine-settings";
import type { Host } from "./host";

/** One network of a machine. */
export interface MachineNetwork {
  network: BridgeNetwork;
  /**
   * Addresses of the machine on it: floating addresses, `network.ipv6For(name)`, or any address that is routed to the
   * host, as text. None: the machine is reachable from its host only; on a transparent bridge it gets its addresses by
   * DHCP and SLAAC, always the same ones.
   */
  addresses?: (FloatingIp | pulumi.Input<string>)[];
}

/** A rule of a machine's firewall. */
export interface FirewallRule {
  direction: pulumi.Input<"in" | "out">;
  protocol: pulumi.Input<"tcp" | "udp" | "icmp" | "esp" | "gre">;
  /** `80`, `80-85` or `any`; with tcp and udp, required there. */
  port?: pulumi.Input<string>;
  /** Direction `in`: networks in CIDR form; `0.0.0.0/0` and `::/0` are everybody. */
  sources?: pulumi.Input<pulumi.Input<string>[]>;
  /** Direction `out`: networks in CIDR form. */
  destinations?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Arguments of {@link NspawnMachine}. */
export interface NspawnMachineArgs {
  /** Where the machine lives. Another host moves it there with its data (docs/move.md). */
  host: Host;
  networks: MachineNetwork[];
  image: MachineImageSource;
  /** Name of the machine on its host, `^[a-z][a-z0-9-]{0,11}$`. Default: the resource's name. Another name replaces it. */
  machineName?: string;
  /** Default: the machine's name. */
  hostname?: pulumi.Input<string>;
  /**
   * Resolvers, in order. Default: those of the host that the machine reaches by the families it has, copied when it is made:
   * of resolv.conf, else of resolved, ifupdown, networkd or a DHCP lease. When there are none, `up` warns.
   */
  dns?: pulumi.Input<pulumi.Input<string>[]>;
  /** Name in tzdata, such as `Europe/Berlin`. Default: the image's. */
  timezone?: pulumi.Input<string>;
  /** Public keys that log in as root; openssh-server then becomes part of the image. */
  authorizedKeys?: pulumi.Input<pulumi.Input<string>[]>;
  /** Root's password, or its hash of crypt(5), such as mkpasswd(1) prints. Secret; only the hash reaches state and host. */
  rootPassword?: pulumi.Input<string>;
  /**
   * Path of a file with root's password and nothing else, on the machine that runs the program; absolute or from its
   * user's home folder (`~/`). Read there at each run; the password itself then never passes Pulumi. Not with `rootPassword`.
   */
  rootPasswordFile?: pulumi.Input<string>;
  /** Default true. */
  startAtBoot?: pulumi.Input<boolean>;
  /** Default true. */
  running?: pulumi.Input<boolean>;
  /** Start each time from the tree as it is, and forget changes at stop (`Ephemeral=`). Default false. S1.06. */
  ephemeral?: pulumi.Input<boolean>;
  /** `PrivateUsers=` of systemd.nspawn(5). Default `pick`. S1.07. */
  privateUsers?: pulumi.Input<string>;
  /**
   * Without the capabilities and system calls that no Debian guest needs (docs/security.md). Default true; false is
   * systemd-nspawn's own choice, which machines of version 0.1 have. A change restarts the machine.
   */
  confined?: pulumi.Input<boolean>;
  /** Capabilities, system calls, mounts. Unknown keys are errors. */
  settings?: pulumi.Input<MachineSettings>;
  /** Of CPU, memory, tasks and disk. Refused where the host's kernel cannot enforce them (NSPAWN_KERNEL_FEATURE). */
  limits?: pulumi.Input<MachineLimits>;
  /** `running`, the default: the guest's own service manager has finished starting. `started`: the unit is active. */
  readyWhen?: pulumi.Input<"started" | "running">;
  /** What happens to the tree: `trash`, the default, keeps it for 7 days on the host; `delete`; `keep`. */
  onDelete?: pulumi.Input<"trash" | "delete" | "keep">;
  /**
   * The machine's own firewall, with the fields and the meaning of Hetzner's: given, only what a rule of direction `in`
   * names comes in; what goes out is free unless there is a rule of direction `out`. Stateful, both families; answers and
   * errors about what is allowed always pass. Needs a bridge with isolation. Default: none, all may come and go.
   */
  firewall?: pulumi.Input<pulumi.Input<FirewallRule>[]>;
  /** Take over a machine or files that somebody else made. Default false. */
  adopt?: pulumi.Input<boolean>;
}
