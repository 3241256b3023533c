import type { Look, Weakening } from "../trial";

/** Of a script that is judged by frames that are seen alone. */
export const never: Look = { at: "host", if: "false" };

/** A table that has grown. */
export const more = (command: string, than: number): string => `[ "$(${command} | wc -l)" -gt ${than} ]`;

/**
 * A bridge's table of MAC addresses has grown; what was learnt is forgotten again, also by its tunnel.
 *
 * @param tables for grep(1): which ones count
 */
export const learnt = (tables: string): string => `found=$(bridge fdb show br {HOST.bridge} | grep ${tables} | wc -l)
for port in /sys/class/net/{HOST.bridge}/brif/*; do ip link set "\${port##*/}" type bridge_slave fdb_flush; done
bridge fdb show | sed -n 's/^\\([0-9a-f:]*\\) dev \\(vx-[0-9]*\\) dst .*/fdb del \\1 dev \\2/p' | grep -v 00:00:00:00:00:00 | bridge -force -batch - >/dev/null 2>&1
[ "$found" -gt 500 ]`;

/** At the router: asks on the host's cable who has an address; succeeds when an answer comes, be it dropped then. */
export const asked = (family: 4 | 6, address: string, answer: string): string => {
  const ip = `ip -${family}`;
  return `heard=$(mktemp); timeout 3 tcpdump -n -l -Q in -c 1 -i {ROUTER.link} '${answer}' >"$heard" 2>/dev/null & dump=$!; sleep 1
${ip} route replace ${address} dev {ROUTER.link}; ping -${family} -q -c 2 -i 0.3 -W 1 ${address} >/dev/null; wait "$dump"
grep -q . "$heard"; code=$?
${ip} route del ${address} dev {ROUTER.link}; ${ip} neigh flush to ${address}; rm "$heard"; exit $code`;
};

/** At the router: a packet to a machine from an address that is another's. */
export const sentFrom = (family: 4 | 6, from: string, to: string): string => {
  const own = `${from}/${family === 4 ? 32 : 128}`;
  return `ip addr add ${own} dev lo; ping -${family} -q -c 2 -i 0.3 -W 1 -p {MARKHEX} -I ${from} ${to} >/dev/null; ip addr del ${own} dev lo`;
};

/** The host answers for an IPv6 address on a link. */
export const proxied = (address: string, link: string): Weakening => ({
  script: `echo 1 >/proc/sys/net/ipv6/conf/${link}/proxy_ndp; ip neigh add proxy ${address} dev ${link}`,
  undo: `ip neigh del proxy ${address} dev ${link}`,
});
