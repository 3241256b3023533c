/**
 * What a server's image is made of, apart from what configures its network: near to what Hetzner's images have. Not in it:
 * what the library has to install itself.
 */
export const cloudPackages = [
  "apt-utils", "bash-completion", "ca-certificates", "cloud-init", "cron", "curl", "dbus", "debian-archive-keyring", "ethtool",
  "gnupg", "iproute2", "iputils-ping", "kmod", "less", "libpam-systemd", "locales", "lsb-release",
  "nano", "netcat-openbsd", "openssh-client", "openssh-server", "openssh-sftp-server", "procps", "psmisc", "python3", "rsyslog", "screen", "sudo",
  "systemd", "systemd-sysv", "systemd-timesyncd", "udev", "vim-tiny", "wget", "xz-utils",
]; // prettier-ignore

/** What configures the uplink of a server, in one image or another. */
const networkPackages = [
  "ifupdown",
  "isc-dhcp-client",
  "dhcpcd-base",
  "netplan.io",
  "systemd-resolved",
  "libnss-resolve",
];

/** What a server of Debian 12 has of its own, and what takes its place in the next release, when it is upgraded in place. */
const upgradePackages = [
  "gcc-12-base", "gpg-wks-server", "libargon2-1", "libfile-find-rule-perl", "libip4tc2", "libutempter0", "python3-autocommand", "python3-inflect",
  "python3-jaraco.context", "python3-jaraco.functools", "python3-more-itertools", "python3-netifaces", "python3-pkg-resources",
  "python3-pyrsistent", "python3-serial", "python3-six", "python3-typeguard", "python3-typing-extensions", "usrmerge", "util-linux-extra",
]; // prettier-ignore

const hostPackages = [
  "systemd-container", "debootstrap", "mmdebstrap", "nftables", "bridge-utils", "tmux", "telnet", "traceroute", "vim", "tcpdump",
  "qemu-guest-agent", "python3", "python3-venv", "btrfs-progs", "conntrack", "ndisc6", "arping", "bind9-dnsutils", "libnss-mymachines",
  "libnss-resolve", "systemd-resolved", "rsync", "zstd", "acl", "jq", "socat", "e2fsprogs", "xfsprogs", "iperf3", "ndppd",
]; // prettier-ignore

const guestPackages = [
  "systemd", "systemd-sysv", "dbus", "iproute2", "iputils-ping", "openssh-server", "python3", "curl", "traceroute", "telnet", "nginx-light",
  "ca-certificates", "usr-is-merged", "xz-utils", "tcpdump", "netcat-openbsd", "systemd-resolved", "libnss-resolve", "iperf3",
  "ifupdown", "isc-dhcp-client", "locales", "sudo", "vim-tiny", "less",
]; // prettier-ignore

/**
 * What a machine of the attack suite has besides. Of what scapy recommends one is left out, a shell with a hundred packages
 * of its own (`-`: apt does not install it).
 */
const attackerPackages = ["python3-scapy", "ipython3-", "iputils-arping", "ndisc6", "libcap2-bin"];

/** WireGuard's tools, and what takes the kernel's part where that has none (docs/lab.md). They recommend a kernel. */
const wireguardPackages = ["wireguard-tools", "wireguard-go"];

/** What debootstrap and mmdebstrap start from. */
const basePackages = [
  "?or(?essential, ?priority(required), ?priority(important))",
  "usr-is-merged",
  "apt",
  "debian-archive-keyring",
];

/** A set of packages that can be installed together; the mirror holds it with everything that it depends on or recommends. */
export interface MirrorGroup {
  packages: readonly string[];
  /** Without what they recommend. */
  alone?: true;
  /** `release`: the versions of the suite itself, which debootstrap takes; `all`: with security updates, which apt on a server takes. */
  versions: "release" | "all";
}

export const mirrorGroups: readonly MirrorGroup[] = [
  { packages: [...cloudPackages, ...networkPackages, ...basePackages], versions: "all" },
  { packages: hostPackages, versions: "all" },
  { packages: upgradePackages, versions: "all" },
  { packages: guestPackages, versions: "release" },
  { packages: basePackages, versions: "release" },
  { packages: attackerPackages, versions: "release" },
  { packages: wireguardPackages, alone: true, versions: "all" },
];

/** The names under which servers and machines look for Debian; the lab's DNS answers them. */
export const mirrorHosts = ["deb.debian.org", "security.debian.org", "mirror.hetzner.com"];
