import { Address4 } from "ip-address";
import * as pulumi from "@pulumi/pulumi";
import { NspawnError, withCode } from "../errors";
import { networkText, overlap as overlap6, parseNetwork, type Network } from "../model/cidr";
import { refuse } from "./refusals";

/** What each run of a program has given out so far. Keyed by the run's stack resource: a process may run many programs. */
const runs = new WeakMap<object, Map<string, string>>();
const withoutStack = {};
/** Those of them that are subnets. */
const subnets = new WeakMap<Map<string, string>, Set<string>>();

function claimsOfThisRun(): Map<string, string> {
  const run: object = pulumi.runtime.getStackResource() ?? withoutStack;
  let claims = runs.get(run);
  if (claims === undefined) {
    claims = new Map();
    runs.set(run, claims);
  }
  return claims;
}

/**
 * Notes that `claimant` has `thing` (`address 198.51.100.7`, `machine web on host-1`), so that two machines with one
 * name, or one address twice, fail in the preview. A second claimant is refused with NSPAWN_INVALID_INPUT, beside all
 * else that is wrong in the program, and has to wait for what this returns: it never comes.
 */
export function claim(thing: string, claimant: string): Promise<never> | undefined {
  const claims = claimsOfThisRun();
  const holder = claims.get(thing);
  if (holder === undefined || holder === claimant) {
    claims.set(thing, claimant);
    if (thing.startsWith("subnet ")) subnets.set(claims, (subnets.get(claims) ?? new Set()).add(thing));
    return undefined;
  }
  return refused(
    `${thing} is used twice: by ${holder} and by ${claimant}. Give each its own, or remove one of the two.`,
  );
}

/** The same of several things of one claimant: the first that somebody has is told. */
export function claimAll(things: string[], claimant: string): Promise<never> | undefined {
  for (const thing of things) {
    const taken = claim(thing, claimant);
    if (taken !== undefined) return taken;
  }
  return undefined;
}

/** Notes what `thing` is, of which several resources are a part; who says another one is refused as by {@link claim}. */
export function agree(thing: string, value: string): Promise<never> | undefined {
  const claims = claimsOfThisRun();
  const before = claims.get(thing) ?? value;
  claims.set(thing, before);
  if (before === value) return undefined;
  return refused(`${thing} is ${before} on one host and ${value} on another. Give all of its bridges the same.`);
}

function refused(message: string): Promise<never> {
  if (!pulumi.runtime.hasEngine()) throw new NspawnError("NSPAWN_INVALID_INPUT", message);
  return refuse([withCode("NSPAWN_INVALID_INPUT", message)]);
}

/** The same of an IPv4 network on a host: none may overlap with another claimant's. */
export function claimNetwork(network: string, host: string, claimant: string): Promise<never> | undefined {
  const end = ` on ${host}`;
  const others = [...claimsOfThisRun()].filter(([thing, holder]) => {
    const isNetwork = thing.startsWith("network ") && thing.endsWith(end);
    return isNetwork && holder !== claimant && overlap(thing.slice("network ".length, -end.length), network);
  });
  const [other] = others[0] ?? [];
  if (other === undefined || other === `network ${network}${end}`) return claim(`network ${network}${end}`, claimant);
  return refused(
    `network ${network}${end} of ${claimant} overlaps with ${other.slice(0, -end.length)} of ${claimsOfThisRun().get(other) ?? ""}. Give one of the two another network, or remove it.`,
  );
}

/** The same of an IPv4 address that a host routes: no network in which it leases addresses is around it. */
export function claimRouted(address: string, host: string, claimant: string): Promise<never> | undefined {
  return claimNetwork(`${address}/32`, host, claimant);
}

function overlap(one: string, other: string): boolean {
  if (!Address4.isValid(one) || !Address4.isValid(other)) return false;
  const [a, b] = [new Address4(one), new Address4(other)];
  return a.isInSubnet(b) || b.isInSubnet(a);
}

/**
 * The same of an IPv6 address or subnet: nobody else has a subnet around it, or anything in it.
 *
 * @param end what stands behind it where it is claimed, so that what is apart stays apart: ` of 2001:db8:1::/64`
 */
export function claimIpv6(range: string, end: string, claimant: string): Promise<never> | undefined {
  const network = ipv6Network(range);
  const thing = `${range.includes("/") ? `subnet ${network === undefined ? range : networkText(network)}` : `address ${network?.first ?? range}`}${end}`;
  const [other, holder] =
    (network && [...othersOf(thing)].find(([name, who]) => who !== claimant && isAround(name, end, network))) ?? [];
  if (other === undefined || other === thing) return claim(thing, claimant);
  return refused(
    `${thing} of ${claimant} overlaps with ${other} of ${holder}. Give one of the two another name or length, or remove it.`,
  );
}

/** What could overlap with it. Subnets are few, and addresses may be many. */
function othersOf(thing: string): Iterable<[string, string]> {
  const claims = claimsOfThisRun();
  if (thing.startsWith("subnet ")) return claims;
  return [...(subnets.get(claims) ?? [])].map((name): [string, string] => [name, claims.get(name) ?? ""]);
}

function isAround(thing: string, end: string, network: Network): boolean {
  if (!/^(address|subnet) /.test(thing) || !thing.endsWith(end)) return false;
  const other = ipv6Network(thing.slice(thing.indexOf(" ") + 1, thing.length - end.length));
  return other !== undefined && overlap6(other, network);
}

function ipv6Network(range: string): Network | undefined {
  const network = parseNetwork(range.includes("/") ? range : `${range}/128`);
  return typeof network === "string" ? undefined : network;
}

/** `value` for who has what it claimed. */
export function once<T>(claimed: Promise<never> | undefined, value: T): pulumi.Output<pulumi.Unwrap<T>> {
  return pulumi.output(claimed).apply(() => value) as pulumi.Output<pulumi.Unwrap<T>>;
}
