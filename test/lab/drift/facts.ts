import { parseNeighbour } from "../../../provider/model/fact/neighbour";
import { parsePort } from "../../../provider/model/fact/port";
import { parseRoute } from "../../../provider/model/fact/route";
import type { Managed } from "./managed";
import type { Beside, Row, Untouched } from "./row";

const all = /./;
const quoted = ({ item }: Managed): string => `"${item}"`;
const family = (address: string): string => (address.includes(":") ? "-6" : "-4");
const nobody = "00:00:00:00:00:00";
const first = ({ item }: Managed): string => item.split(" ")[0] ?? "";

const boot: Row[] = [
  {
    ...{ round: "boot", what: "boot units", item: all },
    change: ({ item }) => `systemctl disable ${item}`,
    line: ({ item }) => `${item}: "disabled" => "enabled"`,
  },
  {
    ...{ round: "boot", what: "boot packages", item: /^(debootstrap|ndppd|tcpdump)$/ },
    change: ({ item }) => `dpkg --force-depends --purge ${item}`,
    line: ({ item }) => `+ ${item}: "installed"`,
  },
  {
    ...{ round: "boot", what: "boot links", item: all },
    change: ({ item }) => `ln -sfn /run/other ${item}`,
    line: ({ item }) => `${item}: "/run/other" => "`,
  },
  { round: "boot", what: "boot uplink", item: all, change: ({ item }) => `rm ${item}`, line: quoted },
];

const live: Row[] = [
  {
    ...{ round: "live", what: "live sysctls", item: /^net\./ },
    change: ({ item }) => `sysctl -w ${item}=0`,
    line: ({ item }) => `${item}: "0" => "1"`,
  },
  {
    // What is started by the units goes with them, or it would put right what is changed next.
    ...{ round: "live", what: "live units", item: /^(pulumi-nspawn|systemd-resolved)/ },
    change: ({ item }) => `systemctl stop ${item} ${item.replace(/\.path$/, ".service")}`,
    line: ({ item }) => `${item}: "inactive" => "active"`,
  },
  {
    // As somebody who adds a subnet would.
    ...{ round: "live", what: "live answers", item: all },
    change: () => "sed -i 's/::/:9::/' /run/pulumi-nspawn/ndppd.conf",
    line: ({ item }) => `answers: "changed" => "${item}"`,
  },
  {
    // The address by which Pulumi logs in stays.
    ...{ round: "live", what: "live addresses", item: /^(?!192\.0\.2\.)/ },
    change: ({ item, bridge }) =>
      item.includes("/") && !item.startsWith("2001:db8:ffff:2:") ? `ip addr del ${item} dev ${bridge}` : `ip -6 addr flush dev ${bridge} scope global`,
    line: quoted,
  },
  {
    ...{ round: "live", what: "live rules", item: all },
    change: ({ item }) => `ip -4 rule del pref ${item.split(" ")[0]}`,
    line: quoted,
  },
  {
    ...{ round: "live", what: "live filter", item: all },
    change: ({ bridge }) =>
      `nft list tables | sed -n 's/^table \\(.* pulumi-nspawn-${bridge}\\)$/delete table \\1/p' | head -n 1 | nft -f -`,
    line: ({ item }) => `" => "${item}"`,
  },
  {
    ...{ round: "live", what: "live peers", item: all },
    change: ({ item }) => `bridge fdb del ${nobody} dev ${item.split(" ")[2]} dst ${item.split(" ")[0]}`,
    line: quoted,
  },
  {
    ...{ round: "live", what: "live proxies", item: all },
    change: (managed) => `ip ${family(first(managed))} neigh del proxy ${first(managed)} dev eth0`,
    line: quoted,
  },
  {
    ...{ round: "live", what: "live routes", item: all },
    change: ({ item }) => `ip ${family(item)} route del ${parseRoute(item).destination} dev ${parseRoute(item).link}`,
    line: quoted,
  },
  {
    ...{ round: "live", what: "live neighbours", item: all },
    change: ({ item }) => `ip neigh del ${parseNeighbour(item).address} dev ${parseNeighbour(item).link}`,
    line: quoted,
  },
  {
    // It learns who is behind it, and is flooded.
    ...{ round: "live", what: "live port", item: /^vb-\w+ master/ },
    change: ({ item }) => `bridge link set dev ${parsePort(item).name} learning on flood on`,
    line: ({ item }) => `"${item.replace(/ (guarded|isolated),/, " not $1,")}" => ${`"${item}"`}`,
  },
  {
    ...{ round: "live", what: "live ports", item: /^vb-\w+ master/ },
    change: ({ item }) => `bridge link set dev ${parsePort(item).name} learning on flood on`,
    line: quoted,
  },
  {
    ...{ round: "live", what: "live ports", item: /^ve-/ },
    change: ({ item }) => `ip addr add 192.0.2.98/32 dev ${parsePort(item).name}`,
    line: quoted,
  },
  {
    ...{ round: "live", what: "live tunnel", item: all },
    change: ({ item }) => `bridge link set dev ${item.split(" ")[0]} isolated off learning on`,
    line: ({ item }) => `"${item.replace(" isolated", " not isolated")}" => ${`"${item}"`}`,
  },
]; // prettier-ignore

const links: Row[] = [
  {
    ...{ round: "links", what: "live link", item: all, of: /::(?!lan0$)\w+$/ },
    change: ({ item }) => `ip link set dev ${item.split(" ")[0]} down`,
    line: ({ item }) => `"${item.replace(" up", " down")}" => "${item}"`,
  },
  {
    ...{ round: "links", what: "live macvlan", item: all },
    change: ({ item }) => `ip link set dev ${item.split(" ")[0]} down`,
    line: quoted,
  },
  {
    ...{ round: "links", what: "live inside", item: all },
    change: ({ item, resource }) =>
      `nsenter -t $(machinectl show ${resource.split("::")[1]} -p Leader --value) -n ip link del ${item.split(" ")[0]}`,
    line: quoted,
  },
  {
    ...{ round: "links", what: "live ready", item: all, of: /::(web|home|near)$/ },
    change: ({ resource }) => `systemctl stop systemd-nspawn@${resource.split("::")[1]}`,
    line: ({ item }) => `ready: "stopped" => "${item}"`,
  },
]; // prettier-ignore

export const factRows: Row[] = [...boot, ...live, ...links];

export const untouched: Untouched[] = [
  { what: "secretFiles", item: /./, why: "the preview has it as [secret] before and after, without a line that differs" },
  { what: "boot packages", item: /^(iproute2|systemd-container|nftables)$/, why: "nothing is read, run or filtered without it" },
  { what: "live units", item: /^systemd-networkd\.service$/, why: "networkd is asked for what the others are" },
  { what: "live units", item: /^systemd-nspawn@/, why: "`live.ready` is the same, and is changed" },
  { what: "live ready", item: /./, of: /::infra$/, why: "what it has inside is taken from it while it runs" },
  { what: "live addresses", item: /^192\.0\.2\./, why: "Pulumi logs in by it" },
  { what: "live link", item: /./, of: /::lan0$/, why: "Pulumi logs in by it" },
  { what: "live uplink", item: /./, why: "Pulumi logs in by it" },
]; // prettier-ignore

/** A second one of each, beside ours. */
export const beside: Beside[] = [
  {
    ...{ round: "live", bridge: /^(?!lan0)/, line: (bridge) => `net.ipv4.conf.${bridge}.proxy_arp = 1` },
    change: (bridge) => `echo 1 >/proc/sys/net/ipv4/conf/${bridge}/proxy_arp`,
  },
  {
    ...{ round: "live", bridge: /^(?!lan0)/, line: (bridge) => `"answer for 203.0.113.96 dev ${bridge}"` },
    change: (bridge) => `ip neigh add proxy 203.0.113.96 dev ${bridge}`,
  },
  {
    ...{ round: "live", bridge: /^(?!lan0)/, line: (bridge) => `"port x-${bridge}"` },
    change: (bridge) =>
      `ip link add x-${bridge} type veth peer name y-${bridge}; ip link set x-${bridge} master ${bridge}`,
  },
  {
    ...{ round: "live", bridge: /^(?!lan0)/, line: () => "192.0.2.99" },
    change: (bridge) => `ip addr add 192.0.2.99/32 dev ${bridge}`,
  },
  {
    ...{ round: "live", bridge: /^priv$/, line: (bridge) => `"500 iif ${bridge} lookup 77"` },
    change: (bridge) => `ip rule add iif ${bridge} lookup 77 pref 500`,
  },
  {
    ...{ round: "live", bridge: /^back$/, line: () => '"203.0.113.77 by vx-5001"' },
    change: () => `bridge fdb append ${nobody} dev vx-5001 dst 203.0.113.77 self permanent`,
  },
];
