import type { Problem } from "./problem";

type Names = [path: RegExp, written: string][];

const ssh: Names = [
  [/^connection\.(confirmWithin|forgetUnreachable)\b/, "$1"],
  [/^connection((?:\.proxy)*)\.hostKeys\b(\[\d+\])?/, "ssh$1.hostKey"],
  [/^(connection|credentials)\b/, "ssh"],
];

/** Where an argument of a dynamic resource stands in the program, by the type of its component; else under the same name. */
const names: Record<string, Names> = {
  NspawnHost: [...ssh, [/^ownIpv4$/, "ipv4"]],
  BridgeNetwork: [
    ...ssh,
    [/^ipv6$/, "ipv6.prefix"],
    [/^lan4\b/, "ipv4"],
    [/^vxlan\.local$/, "vxlan.underlay"],
    [/^vxlan\.wireguard\.port$/, "vxlan.wireguardPort"],
    [/^vxlan\.wireguard\.peers(\[\d+\])?/, "vxlan.peers$1"],
    [/^vxlan\.wireguard\b.*/, "vxlan.encrypt"],
    [/^privateNetwork\.address$/, "privateNetwork.ip"],
    [/^privateNetwork\.network$/, "ipv4.network"],
  ],
  FloatingIp: [...ssh, [/^name$/, "the resource's name"]],
  MachineImage: [...ssh, [/^source\b.*/, "source"]],
  NspawnMachine: [
    ...ssh,
    [/^name$/, "machineName"],
    [/^(networks\[\d+\])\.bridge\b/, "$1.network"],
    [/^(networks\[\d+\])\.macvlan\b/, "$1.network: macvlan"],
    [/^(networks\[\d+\])\.lan4\b/, "$1.network: ipv4"],
    [/^(networks\[\d+\])\.lan6\b/, "$1.network: ipv6.prefix"],
    [/^(networks\[\d+\]\.addresses\[\d+\])\.address\b/, "$1"],
    [/^(networks\[\d+\]\.subnets\[\d+\])\.subnet\b/, "$1"],
    [/^rootPassword\.value$/, "rootPassword"],
    [/^secrets\.files(?=[.[])/, "provision.files: content"],
    [/^secrets\.passwords(?=[.[])/, "users: passwordHash"],
  ],
};

function written(type: string, path: string): string {
  const [from, to] = (names[type] ?? []).find(([pattern]) => pattern.test(path)) ?? [];
  return from === undefined || to === undefined ? path : path.replace(from, to);
}

/** The problems of a resource's inputs, with the properties that the program has, each once. */
export function asWritten(type: string, inputs: object, problems: Problem[]): Problem[] {
  const { name, hostname } = inputs as { name?: unknown; hostname?: unknown };
  // A machine's hostname is its name, unless it is given.
  const isCopy = ({ path }: Problem): boolean =>
    path === "hostname" && hostname === name && problems.some((one) => one.path === "name");
  return problems
    .filter((problem) => !isCopy(problem))
    .map(({ path, message }) => ({ path: written(type, path), message }));
}
