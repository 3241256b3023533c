import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const config = new pulumi.Config();
const publicKey = config.require("publicKey");

// A Debian host that somebody installed: nothing here is Hetzner's.
const host = new nspawn.NspawnHost("home", {
  ssh: { host: config.require("host"), hostKey: config.require("hostKey") },
});

// Its uplink becomes a port of the bridge. The network and its router are for machines with a given IPv4 address.
const lan = new nspawn.BridgeNetwork("lan", {
  host,
  bridge: "br0",
  mode: "transparent",
  ipv4: { network: config.require("network"), gateway: config.require("router") },
});

const common = { host, image: nspawn.image.debootstrap({ suite: "trixie" }), authorizedKeys: [publicKey] };

/** Has what the LAN gives: a lease, and an address out of the advertised prefix. Both are the same after each start. */
const web = new nspawn.NspawnMachine("web", { ...common, networks: [{ network: lan }] });

/** Has the IPv4 address that it is told, which the LAN's DHCP server gives to nobody. */
const db = new nspawn.NspawnMachine("db", {
  ...common,
  networks: [{ network: lan, addresses: [config.require("dbAddress")] }],
});

export const webAddresses = pulumi.all([web.ipv4, web.ipv6]);
export const dbAddress = db.ipv4;
