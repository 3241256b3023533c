import type * as pulumi from "@pulumi/pulumi";
import type { BridgeNetwork } from "./bridge-network";
import type { FloatingIp } from "./floating-ip";
import type { MachineImageSource } from "./image";
import type { MachineLimits, MachineSettings } from "./machine-settings";
import type { Host } from "./host";
import { provisionNames, userNames, type MachineProvision, type MachineUser } from "./machine-provision";
import type { ArgumentNames } from "./unknown-arguments";

/** One network of a machine. */
export interface MachineNetwork {
  /** The bridge to which the machine is attached, on the machine's own host. */
  network: BridgeNetwork;
  /**
   * The machine's addresses on this bridge: floating addresses, `network.ipv6For(name)`, or any other address routed to
   * the host, as text without prefix length. Default: none. On a routed bridge only the host then reaches the machine; on a
   * transparent bridge the LAN gives it addresses by DHCP and SLAAC, always the same ones.
   */
  addresses?: (FloatingIp | pulumi.Input<string>)[];
  /**
   * IPv6 subnets that the host routes into the machine, /48 to /124, 16 at most: `network.subnetFor(name, length)`,
   * {@link FloatingIp.subnet}, or any other network routed to the host, in CIDR form. The machine is the router for what is
   * behind it, its own bridge or containers, and needs an IPv6 address in {@link MachineNetwork.addresses}. In it forwarding is
   * switched on, and what of a subnet it uses nowhere is unreachable (docs/addresses.md#subnets). Modes `routed` and `nat`.
   * Where a router asks for each address, the host needs `neighbourProxy`
   * (`NSPAWN_STRICT_UPLINK`). Default: none.
   */
  subnets?: pulumi.Input<string>[];
  /**
   * How this machine is attached: `macvlan` to the network's macvlan ({@link BridgeNetwork.macvlan}), where it has a macvlan of its own
   * (`MACVLAN=`, systemd.nspawn(5)) and is no port of the bridge. Machines on a macvlan reach each other past the bridge, and
   * machines on the bridge by it. Default: as the network says.
   */
  attach?: "macvlan";
  /**
   * Name of the interface in the machine, 15 bytes at most. The first network's is `host0`, which cannot be changed. Default:
   * the name of the bridge. With attach `macvlan`: a name needs systemd 253 on the host (Debian 13), also the first network's;
   * default `mv-` and the name of the macvlan, such as `mv-mv-mgmt`, as systemd-nspawn calls it.
   */
  interface?: pulumi.Input<string>;
  /**
   * The machine's default routes lead to this network, or do not. A machine has one default route of each family; what it
   * sends from an address of another network leaves by that network all the same. Default: the first network that has an
   * address of the family, or is on a LAN.
   */
  defaultRoute?: pulumi.Input<boolean>;
  /**
   * Mode `nat`: ports at all of the host's own IPv4 addresses that lead to the machine, for the one service that is reached
   * from outside. Default: none.
   */
  ports?: pulumi.Input<
    pulumi.Input<{
      /** Transport protocol of the service. */
      protocol: "tcp" | "udp";
      /** Port of the host, 1 to 65535; nothing of the host itself is reached at it any more. */
      host: number;
      /** Port of the machine, 1 to 65535. */
      machine: number;
    }>[]
  >;
}

const networkNames: ArgumentNames<MachineNetwork> = {
  ...{ network: true, addresses: true, subnets: true, attach: true, interface: true, defaultRoute: true, ports: true },
};

/** A rule of a machine's firewall, with the fields of an `hcloud.Firewall` rule. */
export interface FirewallRule {
  /** `in` for packets to the machine, `out` for packets from it. */
  direction: pulumi.Input<"in" | "out">;
  /** Protocol of the packets; with `icmp` of both families. */
  protocol: pulumi.Input<"tcp" | "udp" | "icmp" | "esp" | "gre">;
  /** Destination port: `80`, `80-85` or `any`. Required with `tcp` and `udp`, refused with other protocols. */
  port?: pulumi.Input<string>;
  /** Source networks in CIDR form; `0.0.0.0/0` and `::/0` are everybody. Required with direction `in`. */
  sources?: pulumi.Input<pulumi.Input<string>[]>;
  /** Destination networks in CIDR form. Required with direction `out`. */
  destinations?: pulumi.Input<pulumi.Input<string>[]>;
}

/** What has to be shown of a machine before its start counts as done; one at least. */
export interface ReadyConditions {
  /** Every way to the machine is found `reached` ({@link NspawnMachine.reachability}); only `true`. */
  reachable?: pulumi.Input<true>;
  /**
   * A TCP port of the machine takes connections, on one of its addresses. It is tried inside the machine, so that no firewall
   * has a say, for 180 s.
   */
  tcp?: pulumi.Input<number>;
  /** An HTTP server in the machine answers GET with a status below 400, likewise. */
  http?: pulumi.Input<{
    /** TCP port. */
    port: pulumi.Input<number>;
    /** What is asked for, from `/`. Default `/`. */
    path?: pulumi.Input<string>;
  }>;
}

/** How a running machine is looked after: exactly one of `tcp`, `http`, `command` and `manager`, and when (docs/life.md#health). */
export interface MachineHealth {
  /** A TCP port of the machine, 1 to 65535, that takes connections on one of its addresses. No firewall has a say. */
  tcp?: pulumi.Input<number>;
  /** An HTTP server in the machine that answers GET with a status below 400, likewise. */
  http?: pulumi.Input<{
    /** TCP port, 1 to 65535. */
    port: pulumi.Input<number>;
    /** What is asked for, from `/`. Default `/`. */
    path?: pulumi.Input<string>;
  }>;
  /**
   * A program and its words, 64 at most, each in one line: the machine's service manager runs it as root, and exit code 0 is
   * success. No shell is in between. What it prints is in the machine's own journal. The machine needs D-Bus.
   */
  command?: pulumi.Input<pulumi.Input<string>[]>;
  /** The machine's service manager (PID 1) answers, whatever it says of itself: a watchdog. Only `true`. The machine needs D-Bus. */
  manager?: pulumi.Input<true>;
  /** Seconds from the end of a check to the next one, 5 to 86400; up to a tenth more. Default 30. */
  interval?: pulumi.Input<number>;
  /** Seconds that a check may take, 1 to 600; a longer one has failed. Default 5. */
  timeout?: pulumi.Input<number>;
  /** Failures in a row that make the machine unhealthy, 1 to 100. Default 3. */
  retries?: pulumi.Input<number>;
  /** Seconds from a start, 0 to 86400, in which failures do not count, unless a check has succeeded before. Default 60. */
  startPeriod?: pulumi.Input<number>;
  /** What happens to an unhealthy machine: `restart` restarts its unit; `none` only says so in `pulumi-nspawn ls`. Default `restart`. */
  action?: pulumi.Input<"restart" | "none">;
}

/** Arguments of {@link NspawnMachine}. */
export interface NspawnMachineArgs {
  /** The host on which the machine runs. Another host moves it there with its data (docs/move.md). */
  host: Host;
  /**
   * The networks of the machine, 8 at most, each on another bridge. The first is the machine's interface `host0`; see
   * {@link MachineNetwork.interface} for the others. Adding or removing one restarts the machine. Without any, the machine has
   * loopback only.
   */
  networks: MachineNetwork[];
  /**
   * Where the machine's root file system comes from: `image.debootstrap(…)` or `image.tarball(…)` (docs/images.md). Another
   * image replaces the machine.
   */
  image: MachineImageSource;
  /**
   * Name of the machine on its host, a host name of 64 characters at most: lower-case letters, digits, `-`
   * and `.`, beginning with a letter. Another name replaces the machine. Default: the name of the
   * resource.
   */
  machineName?: string;
  /** Host name inside the machine, hostname(5), 64 characters at most. Default: the machine's name. */
  hostname?: pulumi.Input<string>;
  /**
   * Addresses of one to three name servers, in order; see resolv.conf(5). Default: the host's, as far as the machine's
   * address families reach them, copied when the machine is created. `up` warns if there are none.
   */
  dns?: pulumi.Input<pulumi.Input<string>[]>;
  /** Time zone by its tzdata name, such as `Europe/Berlin`; see localtime(5). Default: the image's. */
  timezone?: pulumi.Input<string>;
  /**
   * Public keys that may log in as root. An image of debootstrap then has openssh-server; a tarball must bring an SSH
   * server. A change is an update in place. Default: none.
   */
  authorizedKeys?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Root's password, or its crypt(5) hash as mkpasswd(1) prints it. Secret; only the hash reaches the state and the host.
   * A change is an update in place. Default: no password.
   */
  rootPassword?: pulumi.Input<string>;
  /**
   * Path of a file that holds root's password and nothing else, on the machine that runs the program: absolute, or from
   * the user's home directory (`~/`). It is read at each run, so the password never passes through Pulumi. Not together
   * with `rootPassword`. Default: none.
   */
  rootPasswordFile?: pulumi.Input<string>;
  /** Start the machine when the host boots. Default true. */
  startAtBoot?: pulumi.Input<boolean>;
  /**
   * Names of machines of the same host ({@link NspawnMachine.machineName}), 16 at most, that this one starts after: at boot,
   * and when several are started together. Each of them that is started is waited for until its service manager has finished
   * starting, for 60 s in all; it is stopped after this one. A machine of the program that is declared before is created
   * before. A cycle is refused in the preview; a name that no machine of the host has is a warning. Default: none.
   */
  startAfter?: string[];
  /**
   * What happens when the machine ends by itself: `on-failure` starts it again after it was killed or ended with an error,
   * `always` also after a shutdown from inside, however often; `no` leaves it stopped until the next `up` or boot. A reboot
   * from inside always starts it again, and `running: false` and `systemctl stop` stop it for good. `Restart=` of
   * systemd.service(5). A change applies at once, without a restart. Default `no`.
   */
  restart?: pulumi.Input<"no" | "on-failure" | "always">;
  /** Seconds from the machine's end until it is started again, 1 to 3600: `RestartSec=`. Default 2. */
  restartDelay?: pulumi.Input<number>;
  /** Whether the machine runs; false stops it. Default true. */
  running?: pulumi.Input<boolean>;
  /**
   * Start from the tree as it is, and discard all changes at each stop: `Ephemeral=` of systemd.nspawn(5). Default false.
   */
  ephemeral?: pulumi.Input<boolean>;
  /**
   * User namespace of the machine: `PrivateUsers=` of systemd.nspawn(5). `pick`, `identity`, `no`, or the first user id of
   * a range, a multiple of 65536. `no` makes the machine's root the host's root (docs/security.md). Default `pick`.
   */
  privateUsers?: pulumi.Input<string>;
  /**
   * Drop the capabilities and system calls that no Debian guest needs (docs/security.md). False leaves what
   * systemd-nspawn(1) allows. A change restarts the machine. Default true.
   */
  confined?: pulumi.Input<boolean>;
  /** Capabilities, system calls and mounts of the machine. Unknown keys are errors. Default: none. */
  settings?: pulumi.Input<MachineSettings>;
  /**
   * Limits of CPU, memory, tasks and disk. Refused if the host's kernel cannot enforce them (`NSPAWN_KERNEL_FEATURE`).
   * Default: systemd-nspawn's; memory is not limited.
   */
  limits?: pulumi.Input<MachineLimits>;
  /**
   * When a start counts as done: `running`, when the machine's service manager has finished starting; `started`, when its
   * unit on the host is active; or conditions, when it is `running` and all of them hold: `{ reachable: true }`, `{ tcp: 5432 }`,
   * `{ http: { port: 80 } }`. What does not come true fails `up` with `NSPAWN_NOT_READY`, which says what was found and what to
   * do; the next `up` tries it again. Nothing is demanded of a machine that does not run. Default `running`.
   */
  readyWhen?: pulumi.Input<"started" | "running" | ReadyConditions>;
  /**
   * How the host looks after the running machine, as `HEALTHCHECK` of a Dockerfile does: `{ tcp: 5432 }`,
   * `{ http: { port: 80, path: "/health" } }`, `{ command: ["/usr/bin/pg_isready"] }` or `{ manager: true }`. It becomes a timer of
   * the host, systemd.timer(5), which works without `up`. A machine that is stopped is never started by it, so what a
   * killed one needs is `restart` (docs/life.md#health). `npx pulumi-nspawn ls` shows what was found. A change applies at
   * once, without a restart. Default: nobody looks.
   */
  health?: pulumi.Input<MachineHealth>;
  /**
   * People's accounts in the machine, 100 at most, made by its own root after it has started. A change is an update in place.
   * One that is no longer named is locked and loses its keys; its home stays. The machine needs D-Bus, and is not `ephemeral`.
   * Errors: `NSPAWN_PROVISION`. Default: none.
   */
  users?: pulumi.Input<pulumi.Input<MachineUser>[]>;
  /**
   * Packages, files, units and commands inside the machine, by its own root after it has started, once for each content
   * (docs/first-boot.md). A change is applied in place, never by a replacement or a restart. With `running: false` it is done by
   * the `up` that starts the machine. Done before {@link ReadyConditions} are waited for. The machine needs D-Bus, and is not
   * `ephemeral`. Errors: `NSPAWN_PROVISION`, with the last words of what failed; the next `up` goes on from there. Default: none.
   */
  provision?: pulumi.Input<MachineProvision>;
  /**
   * What happens to the machine's tree when the machine is deleted or replaced: `trash` keeps it on the host for 7 days,
   * `delete` removes it, `keep` leaves it in place. Default `trash`.
   */
  onDelete?: pulumi.Input<"trash" | "delete" | "keep">;
  /**
   * The machine's firewall, 100 rules at most, with the fields and the meaning of Hetzner's. It is stateful and covers
   * IPv4 and IPv6. Only what a rule of direction `in` names may enter; everything may leave unless there is a rule of
   * direction `out`. Replies, and errors about permitted traffic, always pass. Needs a bridge in mode `routed` with
   * isolation. Default: no firewall, all traffic passes.
   */
  firewall?: pulumi.Input<pulumi.Input<FirewallRule>[]>;
  /**
   * What this machine has in common with others, in order: of what two of them say the later counts,
   * and what the machine says itself counts most. Objects are merged by their keys, and lists (`authorizedKeys`, `firewall`,
   * `capability`, `bind`) grow. Default: none.
   */
  profiles?: Profile[];
  /**
   * Take over a machine or files that somebody else made, instead of failing with `NSPAWN_OWNED`; see docs/ownership.md.
   * Default false.
   */
  adopt?: pulumi.Input<boolean>;
}

/** What machines of one kind have in common: any of these arguments of {@link NspawnMachineArgs}. */
export type Profile = Pick<
  NspawnMachineArgs,
  | "authorizedKeys"
  | "confined"
  | "firewall"
  | "limits"
  | "onDelete"
  | "privateUsers"
  | "readyWhen"
  | "restart"
  | "restartDelay"
  | "settings"
  | "startAtBoot"
  | "timezone"
>;

const profileNames: ArgumentNames<Profile> = {
  ...{ authorizedKeys: true, confined: true, firewall: true, limits: true, onDelete: true, privateUsers: true },
  ...{ readyWhen: true, restart: true, restartDelay: true, settings: true, startAtBoot: true, timezone: true },
};

export const machineNames: ArgumentNames<NspawnMachineArgs> = {
  ...{ host: true, networks: networkNames, image: true, machineName: true, hostname: true, dns: true, timezone: true },
  ...{ authorizedKeys: true, rootPassword: true, rootPasswordFile: true, startAtBoot: true, running: true },
  ...{
    ephemeral: true,
    privateUsers: true,
    confined: true,
    settings: true,
    limits: true,
    readyWhen: true,
    health: true,
  },
  ...{ startAfter: true, restart: true, restartDelay: true, onDelete: true, firewall: true, adopt: true },
  profiles: profileNames,
  ...{ users: userNames, provision: provisionNames },
};
