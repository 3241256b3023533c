import { hasControl } from "../read/control";
import { text } from "../read/text";
import { longestMacvlan } from "../wired";

const MACHINE = /^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*$/;

/** A machine's name as systemd has them, which is a host name: hostname(7). What stands for a long one in interface names: plugged.ts. */
export const machineName = text({
  allowed: "be a host name: lower-case letters, digits, `-` and `.`, beginning with a letter",
  max: 64,
  // Beside a tree systemd-nspawn looks for files of these names.
  test: (value) =>
    MACHINE.test(value) && (/\.(nspawn|raw)$/.test(value) ? "systemd-nspawn has files of such names" : true),
});

const INTERFACE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/;

/** Names in /proc/sys/net that mean every interface, systemd-nspawn's ports and bridges, a file of /sys/class/net. */
const OURS_OR_ALL = "all|default|lo|v[bez]-.*|(vx|wg)-\\d+|bonding_masters";
/** What the kernel makes by itself, and what uplinks are called. */
const KERNEL = "tunl0|sit0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|ip6gre0|ip6tnl0|ifb\\d+";
const UPLINKS = "host\\d*|eth\\d+|en[opsx].*|wl.*|ww.*";
const RESERVED = new RegExp(`^(${OURS_OR_ALL}|${KERNEL}|${UPLINKS}|mv-.*)$`);
const NO_MACVLAN = new RegExp(`^(${OURS_OR_ALL}|${KERNEL}|${UPLINKS})$`);
const NO_UPLINK = new RegExp(`^(${OURS_OR_ALL})$`);

/** A bridge's interface name. Names of uplinks and of machines' ports are refused. */
export const bridgeName = text({
  allowed: "be an interface name: 1 to 15 letters, digits, `-`, `_`, beginning with a letter",
  test: (value) => {
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,14}$/.test(value)) return false;
    return RESERVED.test(value) ? "that name is reserved for another interface" : true;
  },
});

/** A macvlan's interface name. The ends of its veth pair are called like it, with three bytes more. */
export const macvlanName = text({
  allowed: `be an interface name of ${longestMacvlan} bytes at most, letters, digits, \`-\`, \`_\`, beginning with a letter: an interface name has 15, and its veth pair is called NAME-v1 and NAME-v2`,
  test: (value) => {
    if (value.length > longestMacvlan) return `it has ${value.length}; give the bridge macvlan: { name }`;
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(value)) return false;
    return NO_MACVLAN.test(value) ? "that name is reserved for another interface" : true;
  },
});

/** An interface inside a machine. */
export const guestInterface = text({
  allowed: "be an interface name: 1 to 15 letters, digits, `.`, `-`, `_`, beginning with a letter",
  test: (value) => {
    if (!/^[A-Za-z][A-Za-z0-9_.-]{0,14}$/.test(value)) return false;
    return /^(lo|all|default|host0)$/.test(value) ? "that name is reserved" : true;
  },
});

/** The uplink's interface name. */
export const uplinkName = text({
  allowed: "be an interface name: 1 to 15 letters, digits, `.`, `-`, `_`",
  test: (value) => {
    if (!INTERFACE.test(value)) return false;
    return NO_UPLINK.test(value) ? "that name is reserved" : true;
  },
});

/** Part of a file name. */
export const resourceName = text({
  allowed: "begin with a letter or digit and have only letters, digits, `.`, `-`, `_`",
  max: 100,
  test: (value) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value),
});

/** Ids end up in records of one line on the host. */
export const identifier = text({
  allowed: "not be empty and have no control characters",
  max: 300,
  test: (value) => value !== "" && !hasControl(value),
});

/** Information only, so any text without control characters passes. */
export const note = text({
  allowed: "have no control characters",
  max: 2000,
  test: (value) => !hasControl(value),
});
