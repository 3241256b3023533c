type Entry = Record<string, any>;

/** Several JSON lists, one after the other, as `ip -j` of several families prints them. */
function entries(text: string): Entry[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("["))
    .flatMap((line) => JSON.parse(line) as Entry[]);
}

/** Cables of machines come and go with them. */
const isCable = (name: unknown): boolean => /^v[be]-/.test(String(name));

/** Without numbers that the kernel counts, lifetimes, and what only says whether somebody is at the other end. */
export function addresses(text: string): string[] {
  return entries(text)
    .filter((link) => !isCable(link.ifname))
    .flatMap((link) => {
      const up = (link.flags as string[]).includes("UP") ? "up" : "down";
      const own = `${link.ifname} ${up} mtu ${link.mtu} master ${link.master ?? "-"} ${link.address}`;
      const carried = (link.addr_info as Entry[]).map(
        ({ local, prefixlen, scope }) => `${link.ifname} ${local}/${prefixlen} ${scope}`,
      );
      return [own, ...carried];
    })
    .sort();
}

/** networkd of systemd 252 gives the network of a lease its metric at boot, and takes it away when it is started again. */
const metricOf = ({ protocol, metric }: Entry): unknown =>
  protocol === "kernel" && metric === 1024 ? undefined : metric;

/** Routes that somebody made; those that come with an address are told by the address. */
export function routes(text: string): string[] {
  return entries(text)
    .filter(
      ({ type, dev, dst }) =>
        !["local", "broadcast", "multicast", "anycast"].includes(type) && !isCable(dev) && dst !== "ff00::/8",
    )
    .map((route) => {
      const { type, dst, gateway, dev, prefsrc, table, protocol } = route;
      const told = [type, dst, gateway, dev, prefsrc, metricOf(route), table, protocol];
      return told.map((value) => String(value ?? "-")).join(" ");
    })
    .sort();
}

export function neighbours(text: string): string[] {
  return entries(text)
    .filter(({ dev }) => !isCable(dev))
    .map(({ dst, dev, lladdr }) => `${dst} ${dev} ${lladdr ?? "proxy"}`)
    .sort();
}

const dynamicSet =
  /(\t(?:set|map) \S+ \{\n(?:\t\t(?!elements)[^\n]*\n)*?\t\tflags [^\n]*\bdynamic\b[^\n]*\n(?:\t\t(?!elements)[^\n]*\n)*)\t\telements = \{[^}]*\}\n/g;

/** Rules and sets, without what dynamic sets have learnt from packets. */
export function filters(text: string): string[] {
  return text
    .replace(dynamicSet, "$1")
    .split("\n")
    .filter((line) => line !== "");
}

/** Counters, random numbers, and settings of cables. */
// networkd sets promote_secondaries on each link that it has once had; ifupdown decides at each boot whether a static
// uplink takes advertisements.
const volatile =
  /_count|\.stable_secret|netdev_rss_key|\.v[be]-|dev_snmp|nf_conntrack_buckets|fib_notify|\.gc_stale|random|sched|tcp_fastopen_key|promote_secondaries|conf\.eth0\.accept_ra =/;

export function settings(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !volatile.test(line));
}
