import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import { dnsProblems } from "../model/dns-problems";
import { reverseZoneFile, zoneFile } from "../model/zone-file";
import { namedMachines, namesOf } from "./dns-machines";
import { recordsOf } from "./dns-of-machine";
import type { NspawnMachine } from "./nspawn-machine";
import { checked } from "./refusals";
import { retained } from "./retained";
import { unknownArguments, type ArgumentNames } from "./unknown-arguments";

/** Arguments of {@link DnsRecords}: either `zone` or `domain` is required. */
export interface DnsRecordsArgs {
  /** The zone at Hetzner that the records are written into: the resource, or the name of one that exists. */
  zone?: hcloud.Zone | pulumi.Input<string>;
  /** Without a zone at Hetzner: the domain of the names, for {@link DnsRecords.zoneFile}. */
  domain?: pulumi.Input<string>;
  /**
   * The machines, by their host names; or an object of machines, each by the name that it is to have: `www`, `www.lab`, `@`
   * for the domain itself. A name that ends with the domain is taken as the whole name.
   */
  machines: NspawnMachine[] | Record<string, NspawnMachine>;
  /** Seconds that others may keep a record, 60 to 2147483647. Default: the zone's own. */
  ttl?: pulumi.Input<number>;
  /**
   * Also write addresses that only a machine's own network knows: private ones (RFC 1918, RFC 6598, RFC 4193), and those of
   * bridges of mode `isolated`, and of IPv4 in mode `nat`. Default false.
   */
  private?: boolean;
  /**
   * Set the reverse names of addresses that Hetzner answers for: floating ones, and those of `ipv6For` on a server of this
   * program. A `FloatingIp` with a `dnsPtr` keeps that. Default true.
   */
  reverse?: boolean;
}

const dnsNames: ArgumentNames<DnsRecordsArgs> = {
  ...{ zone: true, domain: true, machines: true, ttl: true, private: true, reverse: true },
};

/**
 * Names of machines in DNS: A and AAAA records of their addresses in a zone at Hetzner, their reverse names, and all of it as
 * text for any other server.
 *
 * Changes at Hetzner: an RRset of the zone for each name and family, and a reverse name for each address. Other RRsets of
 * the zone are left alone, whoever wrote them; one that exists already is refused by Hetzner. Nothing changes on hosts. A
 * record is written after its machine, and removed before it.
 *
 * Errors (docs/errors.md): `NSPAWN_INVALID_INPUT`: a name that is no host name or is used twice, a machine without a public
 * address, a TTL that Hetzner does not have.
 *
 * @example
 * ```ts
 * const zone = new hcloud.Zone("example", { name: "example.org", mode: "primary" });
 * new nspawn.DnsRecords("dns", { zone, machines: { www: web, db }, ttl: 300 });
 * const elsewhere = new nspawn.DnsRecords("lab", { domain: "lab.example.net", machines: [web] });
 * export const zoneFile = elsewhere.zoneFile;
 * ```
 */
export class DnsRecords extends pulumi.ComponentResource {
  /** Domain of the names, without a final dot. */
  readonly domain: pulumi.Output<string>;
  /**
   * The A and AAAA records as lines of a zone file (RFC 1035, section 5), relative to the domain. Known in the preview as
   * soon as the addresses are.
   */
  readonly zoneFile: pulumi.Output<string>;
  /** The PTR records likewise, with whole names: their zones are those of the networks, in `ip6.arpa` and `in-addr.arpa`. */
  readonly reverseZoneFile: pulumi.Output<string>;

  /**
   * @param name unique name of the resource
   * @param args where the records go, and of which machines
   * @param options Pulumi's resource options; `retainOnDelete` also applies to the resources below
   */
  constructor(name: string, args: DnsRecordsArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("nspawn:index:DnsRecords", name, {}, retained(options));
    const { named, problems } = namedMachines(args.machines);
    if (named.length + problems.length === 0) void pulumi.log.warn("no machines are given: nothing is written", this);
    const zone = hcloud.Zone.isInstance(args.zone) ? args.zone.name : args.zone;
    const said = { zone, domain: args.domain, ttl: args.ttl, private: args.private, reverse: args.reverse };
    const looked = checked(`DnsRecords "${name}"`, { ...said, names: namesOf(named) }, (plain) => [
      ...unknownArguments(args, dnsNames),
      ...problems,
      ...dnsProblems(plain),
    ]);
    // Nothing is made of what is refused: it waits for ever.
    const passed = looked.then(() => true);
    const ttl = pulumi.all([args.ttl, passed]).apply(([seconds]) => seconds);
    this.domain = pulumi.all([zone ?? args.domain ?? "", passed]).apply(([domain]) => domain);
    const { private: withPrivate = false, reverse = true } = args;
    const common = { name, parent: this, domain: this.domain, ttl };
    const place = { ...common, atHetzner: zone !== undefined, withPrivate, reverse, led: new Set<string>() };
    const records = pulumi.all(named.map((one) => recordsOf(place, one)));
    const texts = pulumi.all([records, this.domain, ttl]);
    this.zoneFile = texts.apply(([names, domain, seconds]) => zoneFile(names, { domain, ttl: seconds }));
    this.reverseZoneFile = texts.apply(([names, domain, seconds]) => {
      const reversed = names.map(({ name: own, reversed: addresses }) => ({ name: own, addresses }));
      return reverseZoneFile(reversed, { domain, ttl: seconds });
    });
    this.registerOutputs({ domain: this.domain, zoneFile: this.zoneFile, reverseZoneFile: this.reverseZoneFile });
  }
}
