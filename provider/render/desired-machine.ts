import type { MachineArgs, MachineNetworkArgs } from "../model/args";
import type { Desired, Fact } from "../model/desired";
import { asPrefix } from "../model/address";
import { neighbourLine } from "../model/fact/neighbour";
import { portLine } from "../model/fact/port";
import { proxyLine } from "../model/fact/proxy";
import { routeLine } from "../model/fact/route";
import { linkLocalOf, machineMac } from "../model/mac-address";
import {
  guestLocaltime,
  guestNetworkFile,
  guestRootPassword,
  machineDropIn,
  machineFilterFile,
  machineLimits,
  machinePort,
  machinePortFile,
  machineProxyFile,
  machineUnit,
  mountsScript,
  nspawnFile,
  routeFile,
} from "../model/paths";
import { noPassword } from "../model/no-password";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { desired } from "./desired";
import { cableFact, cableNetwork, hasCable } from "./cable";
import { guestFiles } from "./guest-files";
import { machineFilter } from "./filter/filter-machine";
import { addressesOf, bridgeDropIn, guestNetwork } from "./guest-network";
import { choice, items } from "./items";
import { mountFacts, mountsCheck } from "./mounts";
import { enablement, nspawn, unitDropIn } from "./nspawn";
import { machinePortNetwork, plainPortNetwork } from "./port";
import { proxyList } from "./proxies";
import { limitFacts, unitLimits } from "./unit-limits";

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
      [machineDropIn(name)]: unitDropIn(name, network, network && fixedMac(args, network)),
      [machineLimits(name)]: unitLimits(args),
      [mountsScript(name)]: mountsCheck(args),
      ...guestFiles(args),
      ...(network && networkFiles(args, network)),
    },
    secretFiles: { [guestRootPassword(name)]: hashed(args.rootPassword) },
    boot: {
      units: { [machineUnit(name)]: enablement(args.startAtBoot) },
      links: args.timezone === undefined ? {} : { [guestLocaltime(name)]: `/usr/share/zoneinfo/${args.timezone}` },
    },
    live: {
      units: { [machineUnit(name)]: choice(args.running, "active", "inactive") },
      ...(network && networkFacts(args, network)),
      limits: limitFacts(args),
      mounts: mountFacts(args),
      ...runningFacts(args, network),
    },
  });
}

const unknownNetwork: MachineNetworkArgs = { bridge: UNKNOWN, host: UNKNOWN, addresses: UNKNOWN as never };

function networkFiles(args: MachineArgs, network: MachineNetworkArgs): Record<string, string | undefined> {
  const { name } = args;
  const mac = fixedMac(args, network);
  const { attach } = network;
  const onPort = {
    [guestNetworkFile(name)]: guestNetwork(network, mac),
    ...(mac === undefined && network.mtu !== undefined && { [machinePortFile(name)]: plainPortNetwork(network, name) }),
    ...(mac && {
      [machinePortFile(name, attach)]: hasCable(network)
        ? cableNetwork(name, network.mtu)
        : machinePortNetwork(network, name, mac),
      [machineFilterFile(network.bridge, name)]: machineFilter(args, network),
    }),
  };
  // Nobody routes to a machine that is on the LAN itself.
  if (network.mode === "transparent") return onPort;
  const addresses = addressesOf(network);
  const proxied = proxiedOf(network);
  const onBridge = addresses.length === 0 && mac === undefined ? undefined : addresses;
  return {
    ...onPort,
    [routeFile(network.bridge, name, attach)]: onBridge && unknownOr(onBridge, (known) => bridgeDropIn(known, mac)),
    [machineProxyFile(name)]: proxied.length === 0 ? undefined : proxyList(proxied),
  };
}

/** A bridge is there without its machines; a cable only while the machine runs. */
function networkFacts(args: MachineArgs, network: MachineNetworkArgs): Record<string, Fact> {
  if (network.mode === "transparent") return {};
  const proxies = proxiedOf(network).map((address) => proxyLine({ address }));
  return hasCable(network) ? { proxies } : { ...routeFacts(args, network, network.bridge), proxies };
}

function routeFacts(args: MachineArgs, network: MachineNetworkArgs, link: string): Record<string, Fact> {
  const mac = fixedMac(args, network);
  return {
    // Nobody has to ask for it, and nobody's answer changes it.
    neighbours: mac === undefined ? [] : [neighbourLine({ address: linkLocalOf(mac), mac, link })],
    routes: addressesOf(network).map((address) =>
      isUnknown(address) ? UNKNOWN : routeLine({ destination: asPrefix(address), link }),
    ),
  };
}

/** What is only there while the machine runs. */
function runningFacts(args: MachineArgs, network: MachineNetworkArgs | undefined): Record<string, Fact | undefined> {
  const running = choice(args.running, "yes", "no");
  if (running !== "yes") return {};
  return {
    ...(network && linkFacts(args, network)),
    ready: args.readyWhen === "started" ? undefined : args.readyWhen,
  };
}

function linkFacts(args: MachineArgs, network: MachineNetworkArgs): Record<string, Fact> {
  if (!hasCable(network)) return { port: portFact(args, network) };
  return { ...routeFacts(args, network, machinePort(args.name, "veth")), port: cableFact(args.name, network.mtu) };
}

function portFact(args: MachineArgs, network: MachineNetworkArgs): string {
  const mac = fixedMac(args, network);
  const port = { name: machinePort(args.name), master: network.bridge, mtu: network.mtu };
  const protection = network.mode === "transparent" ? "guarded" : "isolated";
  return portLine(mac === undefined ? port : { ...port, protection, mac });
}

/** On a protected bridge the filter has to know the machine's MAC address; elsewhere it is systemd-nspawn's choice. */
function fixedMac(args: MachineArgs, { isolation }: MachineNetworkArgs): string | undefined {
  return isolation === "tenant" ? machineMac(args) : undefined;
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
  if (rootPassword === noPassword) return rootPassword;
  if (rootPassword === undefined || isUnknown(rootPassword) || /^\$[0-9a-z]+\$[!-9;-~]+$/.test(rootPassword))
    return rootPassword;
  throw new Error("rootPassword has to be hashed before it is rendered");
}
