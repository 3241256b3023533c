import { canonicalAddress } from "../model/address";
import { factAs } from "../model/fact-as";
import type { Facts } from "./facts/facts";
import type { Sought } from "./sought";
import { uplinkOf } from "./uplink";

/** What the kernel has now, that nobody of ours wanted, and that breaks a promise of the resource. */
export function strays(sought: Sought, facts: Facts): string[] {
  const { live } = sought.desired;
  return [
    ...(live.sysctls === undefined ? [] : answeringAll(["all", "default", uplinkOf(facts) ?? ""], facts)),
    ...(live.link === undefined || live.uplink !== undefined || sought.bridge === undefined
      ? []
      : onBridge(sought.bridge, facts)),
    ...addressesOf(sought).flatMap((address) => ofAddress(address, sought, facts)),
  ];
}

/** A link that answers ARP for whatever it has a route to, and not for our addresses alone. */
function answeringAll(links: string[], facts: Facts): string[] {
  return facts.answeringAll.flatMap((entry) => {
    const [link = "", setting = ""] = entry.split(" ");
    return links.includes(link) ? [`net.ipv4.conf.${link}.${setting} = 1`] : [];
  });
}

/** The bridge is ours alone: its ports are machines', whoever made them, and on it nobody is answered for. */
function onBridge(bridge: string, facts: Facts): string[] {
  const ports = [...facts.links.values()].filter(
    ({ ifname, kind, master }) => master === bridge && !(kind === "veth" && ifname.startsWith("vb-")),
  );
  const routes = facts.handRoutes.filter(
    ({ dev, destination }) => dev === bridge && !facts.destinations.has(destination),
  );
  const proxies = [...facts.proxies].filter((proxy) => proxy.endsWith(` dev ${bridge}`));
  return [
    ...answeringAll([bridge], facts),
    ...ports.map(({ ifname }) => `port ${ifname}`),
    ...routes.map(({ destination }) => `route ${destination} dev ${bridge}`),
    ...proxies.map((proxy) => `answer for ${proxy}`),
  ];
}

/** An address of a machine is routed to it: the host neither has it, nor routes it elsewhere, nor drops it. */
function ofAddress(address: string, sought: Sought, facts: Facts): string[] {
  const links = [...facts.links.values()].filter(({ addresses }) =>
    addresses.some((each) => each.split("/")[0] === address),
  );
  const bridges = factAs.list(sought.desired.live.routes).map((route) => route.split(" ")[2]);
  const routes = facts.handRoutes.filter(
    ({ destination, dev, type }) =>
      destination === address && (type !== "unicast" || (bridges.length > 0 && !bridges.includes(dev))),
  );
  return [
    ...links.map(({ ifname }) => `${address} on ${ifname}`),
    ...routes.map(({ dev, type }) => (type === "unicast" ? `route ${address} dev ${dev}` : `${type} ${address}`)),
    ...facts.deadRules.flatMap((rule) => (rule.address === address ? [rule.text] : [])),
  ];
}

/** Addresses that a resource routes or has answered for. */
export function addressesOf({ desired }: Sought): string[] {
  const facts = [...factAs.list(desired.live.routes), ...factAs.list(desired.live.proxies)];
  const addresses = facts.map((fact) => canonicalAddress((fact.split(" ")[0] ?? "").replace(/\/\d+$/, "")));
  return [...new Set(addresses)].filter((address) => address !== undefined);
}
