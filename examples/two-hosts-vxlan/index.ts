import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const publicKey = new pulumi.Config().require("publicKey");
const key = new hcloud.SshKey("operator", { publicKey });

const hostIn = (name: string, location: string) =>
  new nspawn.NspawnHost(name, {
    server: { serverType: "cx23", image: "debian-13", location, sshKeys: [key.name] },
  });
const one = hostIn("one", "fsn1");
const two = hostIn("two", "nbg1");

/** The same network on each host: one number, and the other host as its peer. */
const backOn = (name: string, host: nspawn.Host, peer: nspawn.Host) =>
  new nspawn.BridgeNetwork(`back-${name}`, {
    host,
    bridge: "back",
    mode: "isolated",
    ipv4: { network: "10.9.0.0/24" },
    vxlan: { id: 5001, peers: [peer] },
  });
const backOne = backOn("one", one, two);
const backTwo = backOn("two", two, one);

/** Visitors reach it by IPv6, and it reaches the database by the network of both hosts. */
const front = new nspawn.BridgeNetwork("front", { host: one });
const web = new nspawn.NspawnMachine("web", {
  host: one,
  networks: [
    { network: front, addresses: [front.ipv6For("web")] },
    { network: backOne, addresses: [backOne.ipv6For("web-back"), backOne.ipv4For("web-back")] },
  ],
  image: nspawn.image.debootstrap({ suite: "trixie" }),
  authorizedKeys: [publicKey],
});

/** Nobody but machines of this network reaches it. */
const addresses = [backTwo.ipv6For("db"), backTwo.ipv4For("db")];
new nspawn.NspawnMachine("db", {
  host: two,
  networks: [{ network: backTwo, addresses }],
  image: nspawn.image.debootstrap({ suite: "trixie" }),
  authorizedKeys: [publicKey],
});

export const webAddress = web.ipv6;
export const dbAddresses = pulumi.all(addresses);
