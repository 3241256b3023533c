import type { Sender, Trial, Weakening } from "../trial";

/**
 * Addresses that networkd listens on. A bridge leaves the first to the port that it comes by, and passes on the second; on the
 * bridge itself networkd never listens.
 */
const ways = [
  { to: "the nearest bridge", last: "0e", digit: "1" },
  { to: "the nearest customer bridge", last: "00", digit: "2" },
] as const;

/** No filter keeps networkd from hearing. So for the control it is told to listen, as it does by itself. */
const listening = (links: string): Weakening => ({
  script: `for link in ${links}; do
  mkdir -p /run/systemd/network/10-$link.network.d
  printf '[Network]\\nLLDP=yes\\n' >/run/systemd/network/10-$link.network.d/attack.conf
done
networkctl reload; sleep 2`,
  undo: `for link in ${links}; do rm -r /run/systemd/network/10-$link.network.d; done; networkctl reload; sleep 3`,
});

/** A router that says so. What is heard is remembered for as long as it asks for, so each has a name of its own. */
const said = (
  modes: readonly string[],
  [from, by]: readonly [Extract<Sender, "a" | "c">, string],
  links: string,
  some: readonly (typeof ways)[number][] = ways,
): Trial[] =>
  some.map(({ to, last, digit }) => ({
    ...{ modes, from, times: 2, victim: "host", weaken: listening(links) },
    name: `LLDP to ${to}${by}`,
    frames: `Ether(src=${from.toUpperCase()}.mac,dst="01:80:c2:00:00:${last}",type=0x88cc)/Raw(bytes.fromhex("0207046666666666${digit}${from}0403076130060200020e04001000100000"))`,
    works: { at: "host", if: `networkctl lldp --no-pager | grep -qi 66:66:66:66:66:${digit}${from}` },
  }));

/** What a host hears of a network that it is not on. */
export const lldp: readonly Trial[] = [
  ...said(["isolated", "vxlan"], ["a", ", of a network that the host is not on"], "vb-a", [ways[0]]),
  ...said(["macvlan"], ["a", ", from the macvlan"], "mv-br0 mv-br0-v1"),
  ...said(["macvlan"], ["c", ", from the bridge beside the macvlan"], "vb-c mv-br0-v2"),
];
