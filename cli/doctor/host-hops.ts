import { machinePort } from "../../provider/model/paths";
import type { Machine, MachineAddress, MachineNetwork } from "../stack/machines";
import type { Facts } from "./facts";
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
export function uplinkOf(machine: Machine, facts: Facts): string {
  return machine.uplink ?? facts.route("default4")?.dev ?? facts.route("default6")?.dev ?? "";
}

/** @param bridge of mode transparent, whose port it has to be */
export function uplinkHop(uplink: string, bridge: string | undefined, facts: Facts): Hop {
  const link = facts.link(uplink);
  const advice = "see `ip addr` and `journalctl -u networking` on the host";
  if (link === undefined) return hop("uplink", uplink || "(none)", false, "there is no such interface", advice);
  const up = link.flags.includes("LOWER_UP") || link.flags.includes("UP");
  const state = `is ${up ? "up" : "down"}`;
  if (bridge === undefined) return hop("uplink", uplink, up, state, advice);
  const inside = link.master === bridge;
  const seen = `${state}, a port of ${link.master ?? "no bridge"}`;
  return hop("uplink", uplink, up && inside, seen, inside ? advice : repair);
}

/** The router asks who has the address (ARP, ND); the host has to answer for it, at once. S1.23, S1.51, S1.53, S1.54. */
export function answersHop({ address, family }: MachineAddress, uplink: string, facts: Facts): Hop {
  const version = family === "ipv4" ? "4" : "6";
  const listed = facts.proxies(family, uplink).includes(address);
  const delay = facts.setting(`net/ipv${version}/neigh/${uplink}/proxy_delay`);
  const enabled = family === "ipv4" || facts.setting("net/ipv6/conf/all/proxy_ndp") === "1";
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

/** The bridge is up and has what machines use as their gateways. */
export function bridgeHop(network: MachineNetwork, facts: Facts): Hop {
  const { bridge, mode, gateway4, addresses } = network;
  const link = facts.link(bridge);
  if (link === undefined) return hop("bridge", bridge, false, "there is no such interface", repair);
  const needed = [
    ...(gateway4 === undefined ? [] : [gateway4]),
    ...(mode === "routed" && addresses.some(({ family }) => family === "ipv6") ? ["fe80::1"] : []),
  ];
  const missing = needed.filter((address) => !link.addresses.some(({ local }) => local === address));
  const wrong = [
    ...(link.flags.includes("UP") ? [] : ["is down"]),
    ...missing.map((address) => `has no ${address}, the machines' gateway`),
  ];
  const seen =
    wrong.length === 0
      ? `is up and has ${needed.join(" and ") || "no gateway addresses, as none are needed"}`
      : wrong.join("; ");
  return hop("bridge", bridge, wrong.length === 0, seen, repair);
}

/** What keeps the machines of a protected bridge apart: the kernel's rules against what the bridge's files mean. */
export function ownFilterHop({ bridge }: MachineNetwork, facts: Facts): Hop {
  const states: Record<string, string> = {
    loaded: "is loaded as its file says",
    changed: "is not what its file says: somebody changed the rules in the kernel",
    absent: "is not loaded: machines are not kept apart, and may be cut off",
  };
  const line = facts.lines("filters").find((text) => text.startsWith(`${bridge}\t`));
  const state = line?.slice(bridge.length + 1) ?? "";
  const seen = states[state] ?? `has no file on the host: machines are not kept apart`;
  return hop(
    "filter",
    `pulumi-nspawn-${bridge}`,
    state === "loaded",
    seen,
    `${repair}; nft list tables shows what there is`,
  );
}

/** The machine's cable: S1.33. */
export function portHop(machine: string, { bridge, attach }: MachineNetwork, facts: Facts): Hop {
  const port = machinePort(machine, attach);
  const link = facts.link(port);
  const restart = `restart the machine: systemctl restart systemd-nspawn@${machine}.service`;
  if (link === undefined) {
    const runs = facts.property(`unit:${machine}`, "ActiveState") === "active";
    return hop("port", port, runs ? false : null, "there is no such interface", runs ? restart : "see the hop machine");
  }
  const up = link.flags.includes("UP");
  const seen = `is ${up ? "up" : "down"}, a port of ${link.master ?? "no bridge"}`;
  return hop("port", port, up && link.master === (attach === "veth" ? undefined : bridge), seen, restart);
}
