import type { MachineArgs, MachineNetworkArgs } from "../model/args";
import type { Desired, Fact } from "../model/desired";
import { noPassword } from "../model/no-password";
import {
  guestLocaltime,
  guestNetworkFile,
  guestRootPassword,
  machineDropIn,
  machineFilterFile,
  machineLimits,
  machinePortFile,
  machineUnit,
  mountsScript,
  nspawnFile,
} from "../model/paths";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { attachment, routesWhile } from "./attachments";
import { desired } from "./desired";
import { machineFilter } from "./filter/filter-machine";
import { fixedMac } from "./fixed-mac";
import { guestFiles } from "./guest-files";
import { choice, items } from "./items";
import { proxyFacts, routeFiles } from "./machine-routes";
import { renderedMode } from "./modes/rendered-modes";
import { mountFacts, mountsCheck } from "./mounts";
import { enablement, nspawn, unitDropIn } from "./nspawn";
import { plainPortNetwork } from "./port";
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
  const { bridge, attach, mtu } = network;
  const mac = fixedMac(args, network);
  const { guest, elements, routes } = renderedMode(network.mode);
  return {
    [guestNetworkFile(name)]: guest(network, mac),
    ...(mac === undefined && mtu !== undefined && { [machinePortFile(name)]: plainPortNetwork(network, name) }),
    ...(mac && {
      [machinePortFile(name, attach)]: attachment(attach).network(args, network, mac),
      [machineFilterFile(bridge, name)]: machineFilter(args, network, elements),
    }),
    ...(routes && routeFiles(args, network)),
  };
}

/** What is there without the machine. */
function networkFacts(args: MachineArgs, network: MachineNetworkArgs): Record<string, Fact> {
  if (!renderedMode(network.mode).routes) return {};
  return { ...routesWhile(false, args, network), ...proxyFacts(network) };
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
  return { ...routesWhile(true, args, network), port: attachment(network.attach).port(args, network) };
}

/** A plain password never becomes part of what is written. */
function hashed(rootPassword: string | undefined): string | undefined {
  if (rootPassword === noPassword) return rootPassword;
  if (rootPassword === undefined || isUnknown(rootPassword) || /^\$[0-9a-z]+\$[!-9;-~]+$/.test(rootPassword))
    return rootPassword;
  throw new Error("rootPassword has to be hashed before it is rendered");
}
