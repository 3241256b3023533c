import { addressValue } from "../../provider/model/address";

/** Addresses about a machine's subnet. */
export interface Behind {
  /** The machine's own in it. */
  net6: string;
  /** Somebody's behind it. */
  behind6: string;
  /** The first one past it. */
  past6: string;
}

const groups = (value: bigint): string =>
  Array.from({ length: 8 }, (_, index) => ((value >> BigInt(16 * (7 - index))) & 0xffffn).toString(16)).join(":");

/** @param subnet `2001:db8:1:1:6653::/80` */
export function behindOf(subnet: string): Behind {
  const [first = "", length] = subnet.split("/");
  const start = addressValue(first);
  return {
    net6: first.replace(/::$/, "::7"),
    behind6: first.replace(/::$/, "::b"),
    past6: groups(start + (1n << BigInt(128 - Number(length)))),
  };
}

/** In a machine: the subnet that it has to route, as its own network file says. */
export const subnetOfMachine = `ip -6 -o route show type unreachable | sed -n 's/^unreachable \\([0-9a-f:]*::\\/80\\) .*/\\1/p'`;

/** In a machine: a bridge of its own with somebody on it. */
export const settle = ({ net6, behind6 }: Behind): string => `set -e
! ip link show lan0 >/dev/null 2>&1 || exit 0
ip netns add behind
ip link add lan0 type bridge
ip addr add ${net6}/80 dev lan0 nodad
ip link set lan0 up
ip link add port type veth peer name eth0 netns behind
ip link set port master lan0 up
ip -n behind addr add ${behind6}/80 dev eth0 nodad
ip -n behind link set lo up
ip -n behind link set eth0 up
ip -n behind route add default via ${net6}`;
