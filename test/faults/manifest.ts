import type { FaultHost } from "./host";
import { addresses, filters, neighbours, routes, settings } from "./normalise";

/** All of a host that a change may touch, as lines that two moments can be compared by. */
export type Manifest = readonly string[];

export const machine = "web";

/** Sections, each after a line `== NAME`. */
const script = String.raw`
section() { printf '== %s\n' "$1"; }
by_dhcpcd() { command -v dhcpcd >/dev/null && grep -qs 'inet dhcp' /etc/network/interfaces /etc/network/interfaces.d/*; }
section files
cd /
{ find etc root/.ssh -xdev \( -type d -o -type f -o -type l \) -printf '%p %y %m %u:%g %l\n'
  find etc root/.ssh -xdev -type f ! -path '*.network.d/00-uplink.conf' -exec sha256sum {} +
  for file in etc/systemd/network/*.network.d/00-uplink.conf; do
    if [ -e "$file" ]; then by_dhcpcd && except=Token=eui64 || except=; grep -vxF "$except" "$file" | sha256sum | sed "s|-$|$file|"; fi
  done; } | sort
section tree
findmnt -no FSTYPE,SIZE var/lib/machines || :
ls -A var/lib/machines 2>/dev/null || :
if [ -d var/lib/machines/${machine} ]; then
  find var/lib/machines/${machine}/etc -xdev -type f ! -name 'ssh_host_*' ! -name machine-id -exec sha256sum {} + | sort
  find var/lib/machines/${machine}/etc -xdev \( -type f -o -type l \) ! -name 'ssh_host_*' ! -name machine-id -printf '%p %y %m %U:%G %l\n' | sort
fi
section addresses
ip -j addr
section routes
ip -j route show table all; ip -6 -j route show table all
section rules
ip rule; ip -6 rule
section neighbours
for family in -4 -6; do ip $family -j neigh show nud permanent; ip $family -j neigh show proxy; done
section nft
nft -s list ruleset
section settings
sysctl -a -r '^net[.]' 2>/dev/null
section units
systemctl show -p Id,UnitFileState,ActiveState --value ssh systemd-networkd systemd-networkd-wait-online systemd-resolved \
  pulumi-nspawn-uplink.path machines.target networking systemd-nspawn@${machine} | paste -d ' ' - - - -
section links
# Of a port of a bridge networkd 257 says "configuring" for minutes, or for ever.
links() { networkctl --no-pager --no-legend list 2>/dev/null | awk '$2 !~ /^v[be]-/ { print $2, $4 == "enslaved" ? $4 : $5 }' | sort; }
for try in $(seq 120); do links | grep -qE ' (pending|initialized|configuring)$' || break; sleep 0.5; done
links
section client
pgrep -x dhcpcd >/dev/null && echo running || :
by_dhcpcd && echo dhcpcd || :
section left
find var/lib/pulumi-nspawn -maxdepth 2 ! -path '*/images*' ! -path '*/trash*' -printf '%p %y %m\n' 2>/dev/null | sort
ls -dA run/pulumi-nspawn.* 2>/dev/null || :
systemctl list-units --no-legend --plain 'pulumi-nspawn-*.service' | awk '$1 !~ /^pulumi-nspawn-(uplink|guard)/ { print $1 }'`;

/** Written by the running system for itself, at any time. */
const systemsOwn = /^(?:[0-9a-f]{64} {2})?etc\/(?:mtab|\.pwd\.lock|\.updated|ld\.so\.cache|cloud\/.*\.db)( |$)/;

const same = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** Enabled ones become active at the next boot, and no sooner. */
const atBoot = /(machines\.target|systemd-networkd-wait-online\.service)/;
const units = (text: string): string[] =>
  same(text).map((line) => (atBoot.test(line) ? line.replace(/\b(in)?active\b/, "") : line));

const readers: Record<string, (text: string) => string[]> = {
  files: (text) => same(text).filter((line) => !systemsOwn.test(line)),
  addresses,
  routes,
  neighbours,
  nft: filters,
  settings,
  units,
};

/**
 * Where dhcpcd has the uplink, the kernel's own addresses are a race at each boot: it makes none any more as soon as
 * dhcpcd has started. A bridge of mode transparent keeps those that it found.
 */
const byKernel =
  /^(addresses: (?:eth0|br0) ([0-9a-f:]+ff:fe[0-9a-f:]+\/64 global|fe80::[0-9a-f:]+\/64 link)|routes: - (default|[0-9a-f:]+\/64) \S+ (?:eth0|br0) - (1024|256) - (ra|kernel))$/;

/** Takes the manifest of a running host. */
export async function manifestOf(host: FaultHost): Promise<Manifest> {
  const parts = (await host.sh(script)).split(/^== /m).slice(1);
  const lines = parts.flatMap((part) => {
    const end = part.indexOf("\n");
    const name = part.slice(0, end);
    return (readers[name] ?? same)(part.slice(end + 1)).map((line) => `${name}: ${line}`);
  });
  return lines.includes("client: dhcpcd") ? lines.filter((line) => !byKernel.test(line)) : lines;
}

/** Lines that only one of both has: `-` the wanted, `+` the found. */
export function unlike(wanted: Manifest, found: Manifest): string[] {
  const [a, b] = [new Set(wanted), new Set(found)];
  return [
    ...wanted.filter((line) => !b.has(line)).map((line) => `-${line}`),
    ...found.filter((line) => !a.has(line)).map((line) => `+${line}`),
  ];
}
