import type { MachineNetworkArgs } from "./args";
import { knownAttach } from "./known-mode";
import { insideOf, isNamed } from "./plugged";
import type { Place } from "./read/place";
import { isKnown, isUnknown } from "./unknown";

/** What has to hold between the networks of one machine. */
export function severalNetworks(networks: MachineNetworkArgs[], place: Place): void {
  const all = networks.map((network) => (isUnknown(network) ? undefined : network));
  const [first] = all;
  if (first !== undefined && isKnown(first.interface) && isNamed[knownAttach(first.attach)])
    place.index(0).key("interface").refuse(firstIsGiven);
  unlike(all, place, "bridge", ({ bridge }) => bridge, onBridge);
  unlike(all, place, "interface", insideOf, twoOfAName);
  unlike(all, place, "defaultRoute", ({ defaultRoute }) => (defaultRoute === true ? "default" : undefined), oneDefault);
}

const firstIsGiven = "the first network's interface is always host0, so that one has no name; give others theirs";

const onBridge = (bridge: string, first: string): string =>
  `the machine is on bridge ${bridge} already, by ${first}; give that one all addresses`;
const twoOfAName = (name: string, first: string): string =>
  `${name} is the interface of ${first} already; say interface: another name`;
const oneDefault = (_: string, first: string): string =>
  `${first} has the default routes already, and a machine has one of each family`;

/** Refuses the later one of two networks that have the same. */
function unlike(
  networks: (MachineNetworkArgs | undefined)[],
  place: Place,
  key: string,
  of: (network: MachineNetworkArgs, index: number) => string | undefined,
  message: (value: string, first: string) => string,
): void {
  const seen = new Map<string, string>();
  networks.forEach((network, index) => {
    const value = network && of(network, index);
    if (!isKnown(value)) return;
    const first = seen.get(value);
    if (first === undefined) seen.set(value, place.index(index).path);
    else place.index(index).key(key).refuse(message(value, first));
  });
}
