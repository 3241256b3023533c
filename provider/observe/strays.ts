import { canonicalAddress } from "../model/address";
import type { Desired } from "../model/desired";
import { factAs } from "../model/fact/fact-as";
import { nearOf } from "../model/fact/neighbour";
import { proxiesOf } from "../model/fact/proxy";
import { isToSubnet, routesOf } from "../model/fact/route";
import { tunnelNameOf } from "../model/fact/tunnel";
import { networkFile } from "../model/paths";
import type { Facts } from "./facts/facts";
import type { Subject } from "./subject";
import { uplinkOf } from "./uplink";

/** What the kernel has now, that nobody of ours wanted, and that breaks a promise of the resource. */
export function strays(subject: Subject, facts: Facts): string[] {
  const { live } = subject.desired;
  return [
    ...(live.sysctls === undefined ? [] : answeringAll(["all", "default", uplinkOf(facts) ?? ""], facts)),
    ...(live.link === undefined || live.uplink !== undefined || subject.bridge === undefined
      ? []
      : onBridge(subject.bridge, subject.desired, facts)),
    ...[...addressesOf(subject), ...subnetsOf(subject)].flatMap((address) => ofAddress(address, subject, facts)),
  ];
}

/** A link that answers ARP for whatever it has a route to, and not for our addresses alone. */
function answeringAll(links: string[], facts: Facts): string[] {
  return facts.answeringAll
    .filter(({ link }) => links.includes(link))
    .map(({ link, setting }) => `net.ipv4.conf.${link}.${setting} = 1`);
}

/**
/**
 * The bridge is ours alone: its ports are machines', whoever made them, or its own, and on it nobody is answered for. Where the
 * host has addresses on it they are compared as a fact.
 */
function onBridge(bridge: string, { files, live }: Desired, facts: Facts): string[] {
  const addresses = live.addresses === undefined ? (facts.links.get(bridge)?.addresses ?? []) : [];
  const tunnel = tunnelNameOf(factAs.text(live.tunnel));
  const isItsOwn = ({ ifname, kind }: { ifname: string; kind?: string }): boolean =>
    ifname === tunnel || (kind === "veth" && (ifname.startsWith("vb-") || files[networkFile(ifname)] !== undefined));
  const ports = [...facts.links.values()].filter((link) => link.master === bridge && !isItsOwn(link));
  const routes = facts.handRoutes.filter(
    ({ dev, destination }) => dev === bridge && !facts.destinations.has(destination),
  );
  const proxies = facts.proxies.filter(({ link }) => link === bridge);
  return [
    ...answeringAll([bridge], facts),
    ...addresses.map((address) => `${address} on ${bridge}`),
    ...ports.map(({ ifname }) => `port ${ifname}`),
    ...routes.map(({ destination }) => `route ${destination} dev ${bridge}`),
    ...proxies.map(({ address, link }) => `answer for ${address} dev ${link}`),
  ];
}

const subnetsOf = (subject: Subject): string[] =>
  routesOf(subject.desired).flatMap((route) => (isToSubnet(route) ? [route.destination] : []));

/** An address of a machine is routed to it, a subnet through it: the host neither has it, nor routes it elsewhere, nor drops it. */
function ofAddress(address: string, subject: Subject, facts: Facts): string[] {
  const links = [...facts.links.values()].filter(({ addresses }) =>
    addresses.some((each) => each.split("/")[0] === address),
  );
  const bridges = [...routesOf(subject.desired), ...nearOf(subject.desired)].map(({ link }) => link);
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

/** Addresses that a resource routes or has answered for, or that a machine has on a link of the host. */
export function addressesOf(subject: Subject): string[] {
  const addresses = [
    ...routesOf(subject.desired)
      .filter((route) => !isToSubnet(route))
      .map(({ destination }) => canonicalAddress(destination.replace(/\/\d+$/, ""))),
    ...proxiesOf(subject.desired).map(({ address }) => canonicalAddress(address)),
    ...nearOf(subject.desired).map(({ address }) => canonicalAddress(address)),
  ];
  return [...new Set(addresses)].filter((address) => address !== undefined);
}
