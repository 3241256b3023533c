import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const publicKey = new pulumi.Config().require("publicKey");
const key = new hcloud.SshKey("operator", { publicKey });

const host = new nspawn.NspawnHost("host-1", {
  server: { serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key.name] },
});
const br0 = new nspawn.BridgeNetwork("br0", { host });
const ip = new nspawn.FloatingIp("web", { type: "ipv4", host });
const web = new nspawn.NspawnMachine("web", {
  host,
  networks: [{ network: br0, addresses: [ip] }],
  image: nspawn.image.debootstrap({ suite: "trixie", packages: ["nginx-light"] }),
  authorizedKeys: [publicKey],
});

export const address = web.ipv4;
