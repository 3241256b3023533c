import { filterTable, machinePort, machineUnit, neighbourService } from "../../provider/model/paths";
import type { Machine, MachineAddress, MachineNetwork } from "../stack/machines";
import { wiredNames } from "../../provider/model/wired";
import { isAlone, isEndless, isRouted } from "../stack/modes";
import type { Found } from "./found";
import { hop, type Hop } from "./hop";

/** What to do about everything that is ours. */
export const repair = "`pulumi up --refresh` puts it back";

/** From the provider to the host: what the state says. */
export function assignmentHop({ address, assignment, detail }: MachineAddress): Hop {
  const ok = assignment === "unknown" ? null : assignment !== "elsewhere";
  const advice = ok === null ? "see in the provider's console where it points" : "`pulumi up --refresh` assigns it";
  return hop("assignment", address, ok, detail, advice);
}

/** The uplink: the one that the library found, else the one with the default route. */
export function uplinkOf(machine: Machine, { facts }: Found): string {
  return machine.uplink ?? facts.defaultInterfaces[0] ?? "";
}

/** A setting of the kernel; what it does not have is absent. */
export function setting(name: string, { facts }: Found): string | undefined {
  return facts.sysctls.get(name) || undefined;
}

/** @param bridge of mode transparent, whose port it has to be */
export function uplinkHop(uplink: string, bridge: string | undefined, { facts }: Found): Hop {
  const link = facts.links.get(uplink);
  const advice = "see `ip addr` and `journalctl -u networking` on the host";
  if (link === undefined) return hop("uplink", uplink || "(none)", false, "there is no such interface", advice);
  const state = `is ${link.up ? "up" : "down"}`;
  if (bridge === undefined) return hop("uplink", uplink, link.up, state, advice);
  const inside = link.master === bridge;
  const seen = `${state}, a port of ${link.master ?? "no bridge"}`;
  return hop("uplink", uplink, link.up && inside, seen, inside ? advice : repair);
}

/** The router asks who has the address (ARP, ND); the host has to answer for it, at once. S1.23, S1.51, S1.53, S1.54. */
export function answersHop({ address, family }: MachineAddress, uplink: string, found: Found): Hop {
  const listed = found.facts.proxies.some((proxy) => proxy.address === address && proxy.link === uplink);
  // As sysctl(8) names it.
  const delay = setting(`net.${family}.neigh.${uplink.replaceAll(".", "/")}.proxy_delay`, found);
  const enabled = family === "ipv4" || setting("net.ipv6.conf.all.proxy_ndp", found) === "1";
  const wrong = [
    ...(listed ? [] : [`no proxy entry for it on ${uplink}`]),
    ...(enabled ? [] : ["net.ipv6.conf.all.proxy_ndp is not 1"]),
    ...(delay === "0" ? [] : [`proxy_delay is ${delay ?? "unknown"} on ${uplink}, so answers come late`]),
  ];
  const seen = wrong.length === 0 ? `${uplink} answers for it at once` : wrong.join("; ");
  const symptom = listed ? "" : `the router hears nobody, clients see "Destination Host Unreachable": `;
  return hop(
    "uplink answers",
    address,
    wrong.length === 0,
    seen,
    `${symptom}${repair}, and so does /etc/pulumi-nspawn/uplink on the host`,
  );
}

/** Where a router asks for each address of a subnet, a service answers for all of them. */
export function subnetAnswersHop(subnet: string, { facts }: Found): Hop {
  const state = facts.units.get(neighbourService)?.active || "unknown";
  const advice = `the router hears nobody for any address of it: journalctl -u ${neighbourService} on the host says why; ${repair}`;
  return hop("uplink answers", subnet, state === "active", `ndppd, which answers for it, is ${state}`, advice);
}

/** The bridge is up and has what machines use as their gateways. */
export function bridgeHop(network: MachineNetwork, { facts }: Found): Hop {
  const { bridge, gateway4, addresses } = network;
  const link = facts.links.get(bridge);
  if (link === undefined) return hop("bridge", bridge, false, "there is no such interface", repair);
  const needed = [
    ...(gateway4 === undefined ? [] : [gateway4]),
    ...(isRouted(network) && addresses.some(({ family }) => family === "ipv6") ? ["fe80::1"] : []),
  ];
  const missing = needed.filter((address) => !link.addresses.some((one) => one.startsWith(`${address}/`)));
  const wrong = [
    ...(link.up ? [] : ["is down"]),
    ...missing.map((address) => `has no ${address}, the machines' gateway`),
  ];
  const seen =
    wrong.length === 0
      ? `is up and has ${needed.join(" and ") || "no gateway addresses, as none are needed"}`
      : wrong.join("; ");
  return hop("bridge", bridge, wrong.length === 0, seen, repair);
}

/** What keeps the machines of a protected bridge apart: the kernel's rules against what the bridge's files mean. */
export function ownFilterHop({ bridge }: MachineNetwork, { facts }: Found): Hop {
  const states: Record<string, string> = {
    loaded: "is loaded as its file says",
    changed: "is not what its file says: somebody changed the rules in the kernel",
    absent: "is not loaded: machines are not kept apart, and may be cut off",
  };
  const state = facts.filters.get(bridge) ?? "";
  const seen = states[state] ?? `has no file on the host: machines are not kept apart`;
  return hop("filter", filterTable(bridge), state === "loaded", seen, `${repair}; nft list tables shows what there is`);
}

/** The machine's cable, S1.33, or the macvlan that it is on. */
export const portHop = (machine: string, network: MachineNetwork, found: Found): Hop =>
  isEndless(network) ? macvlanHop(network, found) : cableHop(machine, network, found);

/** A macvlan on one end of a veth pair, whose other end is a port of the bridge: S3.09–S3.13. */
function macvlanHop({ bridge, macvlan = "" }: MachineNetwork, { facts }: Found): Hop {
  const { port, lower } = wiredNames(macvlan);
  const [own, end, under] = [macvlan, port, lower].map((name) => facts.links.get(name));
  const wrong = [
    ...(own === undefined ? [`there is no ${macvlan}`] : own.lower === lower ? [] : [`${macvlan} is not on ${lower}`]),
    ...(end?.master === bridge
      ? []
      : [`${port} is ${end === undefined ? "absent" : `a port of ${end.master ?? "no bridge"}`}`]),
    ...[own, end, under].flatMap((link) => (link === undefined || link.up ? [] : [`${link.ifname} is down`])),
  ];
  const seen = wrong.length === 0 ? `is on ${lower}, and ${port} is a port of ${bridge}` : wrong.join("; ");
  return hop("macvlan", macvlan, wrong.length === 0, seen, repair);
}

function cableHop(machine: string, network: MachineNetwork, { facts }: Found): Hop {
  const { bridge, plug } = network;
  const port = machinePort(plug, isAlone(network) ? "veth" : "bridge");
  const link = facts.links.get(port);
  const restart = `restart the machine: systemctl restart ${machineUnit(machine)}`;
  if (link === undefined) {
    const runs = facts.units.get(machineUnit(machine))?.active === "active";
    return hop("port", port, runs ? false : null, "there is no such interface", runs ? restart : "see the hop machine");
  }
  const seen = `is ${link.up ? "up" : "down"}, a port of ${link.master ?? "no bridge"}`;
  return hop("port", port, link.up && link.master === (isAlone(network) ? undefined : bridge), seen, restart);
}
