import type { MachineArgs, MachineNetworkArgs } from "../model/args";
import type { Desired, Fact } from "../model/desired";
import { asPrefix } from "../model/address";
import {
  guestLocaltime,
  guestNetworkFile,
  guestRootPassword,
  machineDropIn,
  machinePort,
  machineProxyFile,
  machineUnit,
  nspawnFile,
  routeFile,
} from "../model/paths";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { desired } from "./desired";
import { guestFiles } from "./guest-files";
import { addressesOf, bridgeRoutes, guestNetwork } from "./guest-network";
import { choice, items } from "./items";
import { enablement, nspawn, unitDropIn } from "./nspawn";
import { proxyFact, proxyList } from "./proxies";

/**
 * What an NspawnMachine wants of its host and inside its own tree.
 *
 * @param args with the hash in the place of the password
 */
export function desiredMachine(args: MachineArgs): Desired {
  const { name } = args;
  const networks = items(args.networks).filter((network) => !isUnknown(network));
  // A list of networks that is not known yet leaves out what depends on it.
  const [network] = networks.length === items(args.networks).length ? networks : [unknownNetwork];
  return desired({
    files: {
      [nspawnFile(name)]: nspawn(args),
      [machineDropIn(name)]: unitDropIn(network?.bridge),
      ...guestFiles(args),
      ...(network && networkFiles(name, network)),
    },
    secretFiles: { [guestRootPassword(name)]: hashed(args.rootPassword) },
    boot: {
      units: { [machineUnit(name)]: enablement(args.startAtBoot) },
      links: args.timezone === undefined ? {} : { [guestLocaltime(name)]: `/usr/share/zoneinfo/${args.timezone}` },
    },
    live: {
      units: { [machineUnit(name)]: choice(args.running, "active", "inactive") },
      ...(network && networkFacts(network)),
      ...runningFacts(args, network),
    },
  });
}

const unknownNetwork: MachineNetworkArgs = { bridge: UNKNOWN, host: UNKNOWN, addresses: UNKNOWN as never };

function networkFiles(name: string, network: MachineNetworkArgs): Record<string, string | undefined> {
  // Nobody routes to a machine that is on the LAN itself.
  if (network.mode === "transparent") return { [guestNetworkFile(name)]: guestNetwork(network) };
  const addresses = addressesOf(network);
  const proxied = proxiedOf(network);
  return {
    [guestNetworkFile(name)]: guestNetwork(network),
    [routeFile(network.bridge, name)]: addresses.length === 0 ? undefined : unknownOr(addresses, bridgeRoutes),
    [machineProxyFile(name)]: proxied.length === 0 ? undefined : proxyList(proxied),
  };
}

function networkFacts(network: MachineNetworkArgs): Record<string, Fact> {
  if (network.mode === "transparent") return {};
  return {
    routes: addressesOf(network).map((address) =>
      isUnknown(address) ? UNKNOWN : `${asPrefix(address)} dev ${network.bridge}`,
    ),
    proxies: proxiedOf(network).map(proxyFact),
  };
}

/** What is only there while the machine runs. */
function runningFacts(args: MachineArgs, network: MachineNetworkArgs | undefined): Record<string, Fact | undefined> {
  const running = choice(args.running, "yes", "no");
  if (running !== "yes") return {};
  return {
    port: network && `${machinePort(args.name)} master ${network.bridge}`,
    ready: args.readyWhen === "started" ? undefined : args.readyWhen,
  };
}

function proxiedOf(network: MachineNetworkArgs): string[] {
  return items(network.addresses).flatMap((entry) => {
    if (isUnknown(entry) || isUnknown(entry.proxied)) return [UNKNOWN];
    return entry.proxied ? [entry.address] : [];
  });
}

function unknownOr(addresses: string[], render: (addresses: string[]) => string): string {
  return addresses.includes(UNKNOWN) ? UNKNOWN : render(addresses);
}

/** A plain password never becomes part of what is written. */
function hashed(rootPassword: string | undefined): string | undefined {
  if (rootPassword === undefined || isUnknown(rootPassword) || /^\$[0-9a-z]+\$[!-9;-~]+$/.test(rootPassword))
    return rootPassword;
  throw new Error("rootPassword has to be hashed before it is rendered");
}
