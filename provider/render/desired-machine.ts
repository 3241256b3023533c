import type { MachineArgs } from "../model/args";
import type { Desired, Fact } from "../model/desired";
import { factAs } from "../model/fact/fact-as";
import { noPassword } from "../model/no-password";
import {
  guestLocaltime,
  guestNetworkFile,
  guestRootPassword,
  machineDropIn,
  machineFilterFile,
  machineLimits,
  machineUnit,
  mountsScript,
  startScript,
  nspawnFile,
  quotaFile,
} from "../model/paths";
import { pluggedNetworks, type PluggedNetwork } from "../model/plugged";
import { demandsReach, readyState } from "../model/reachability";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { attachment, routesWhile } from "./attachments";
import { desired } from "./desired";
import { machineFilter } from "./filter/filter-machine";
import { fixedMac } from "./fixed-mac";
import { guestFiles } from "./guest-files";
import { addressesOf } from "./guest-network";
import { guestWays } from "./guest-ways";
import { choice } from "./items";
import { proxyFacts, proxyFiles, routeFiles } from "./machine-routes";
import { renderedMode } from "./modes/rendered-modes";
import { mountFacts, mountsCheck } from "./mounts";
import { enablement, nspawn, unitDropIn } from "./nspawn";
import { startCheck } from "./unit-life";
import { limitFacts, unitLimits } from "./unit-limits";
import { diskQuota, quotaFact } from "./disk-quota";

/**
 * What an NspawnMachine wants of its host and inside its own tree.
 *
 * @param args with the hash in the place of the password
 */
export function desiredMachine(args: MachineArgs): Desired {
  const { name } = args;
  const networks = pluggedNetworks(args);
  return desired({
    files: {
      [nspawnFile(name)]: nspawn(args),
      [machineDropIn(name)]: unitDropIn(args),
      [machineLimits(name)]: unitLimits(args),
      [quotaFile(name)]: diskQuota(args),
      [mountsScript(name)]: mountsCheck(args),
      [startScript(name)]: startCheck(args),
      ...guestFiles(args),
      ...joined(networks.map((network) => networkFiles(args, networks, network))),
      ...proxyFiles(name, networks.filter(hasRoutes)),
    },
    secretFiles: { [guestRootPassword(name)]: hashed(args.rootPassword) },
    boot: {
      units: { [machineUnit(name)]: enablement(args.startAtBoot) },
      links: args.timezone === undefined ? {} : { [guestLocaltime(name)]: `/usr/share/zoneinfo/${args.timezone}` },
    },
    live: {
      units: { [machineUnit(name)]: choice(args.running, "active", "inactive") },
      ...networkFacts(args, networks),
      limits: { ...limitFacts(args), ...quotaFact(args) },
      mounts: mountFacts(args),
    },
  });
}

const hasRoutes = ({ mode }: PluggedNetwork): boolean => renderedMode(mode).routes !== undefined;

const joined = <T>(parts: Record<string, T>[]): Record<string, T> => Object.assign({}, ...parts) as Record<string, T>;

function networkFiles(
  args: MachineArgs,
  networks: PluggedNetwork[],
  network: PluggedNetwork,
): Record<string, string | undefined> {
  const { name } = args;
  const { bridge, attach, inside } = network;
  const mac = fixedMac(args, network);
  return {
    [guestNetworkFile(name, inside)]: guestFile(networks, network, attachment(attach).mac(args, network)),
    ...attachment(attach).files(network, mac),
    ...(mac && {
      [machineFilterFile(bridge, name)]: machineFilter(args, network, renderedMode(network.mode).elements),
    }),
    ...(hasRoutes(network) && routeFiles(args, network)),
  };
}

/** Where the default routes lead is known when the families of all addresses are. */
function guestFile(networks: PluggedNetwork[], network: PluggedNetwork, mac: string | undefined): string {
  if (networks.flatMap(addressesOf).includes(UNKNOWN)) return UNKNOWN;
  const ways = guestWays(networks, network.index, (each) => renderedMode(each.mode).out(each));
  return renderedMode(network.mode).guest(network, mac, ways);
}

/** What is there without the machine, and what only while it runs. */
function networkFacts(args: MachineArgs, networks: PluggedNetwork[]): Record<string, Fact | undefined> {
  const routed = networks.filter(hasRoutes);
  const without = routed.flatMap((network) => [routesWhile(false, args, network), proxyFacts(network)]);
  if (choice(args.running, "yes", "no") !== "yes") return lists(without);
  const [port, ...others] = networks.map((network) => attachment(network.attach).port(args, network));
  const ports = others.filter((line) => line !== undefined);
  return {
    ...lists([...without, ...routed.map((network) => routesWhile(true, args, network))]),
    port,
    ports,
    inside: networks.flatMap((network) => attachment(network.attach).inside?.(network) ?? []),
    ready: readyState(args.readyWhen),
    reachable: demandsReach(args.readyWhen) ? "yes" : undefined,
  };
}

/** Lists of several networks by name, one behind the other. */
function lists(parts: Record<string, Fact>[]): Record<string, Fact> {
  const all: Record<string, string[]> = {};
  for (const [name, list] of parts.flatMap((part) => Object.entries(part)))
    all[name] = [...(all[name] ?? []), ...factAs.list(list)];
  return all;
}

/** A plain password never becomes part of what is written. */
function hashed(rootPassword: string | undefined): string | undefined {
  if (rootPassword === noPassword) return rootPassword;
  if (rootPassword === undefined || isUnknown(rootPassword) || /^\$[0-9a-z]+\$[!-9;-~]+$/.test(rootPassword))
    return rootPassword;
  throw new Error("rootPassword has to be hashed before it is rendered");
}
