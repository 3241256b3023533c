import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

// One server, one machine on it, reachable at its own IPv4 and IPv6 address. The stack's configuration says where:
// Pulumi.lab.yaml (a Hetzner on this machine) or Pulumi.production.yaml (the real one).
const config = new pulumi.Config();
const publicKeyFile = process.env.NSPAWN_PUBLIC_KEY_FILE ?? join(homedir(), ".ssh", "id_ed25519.pub");
const publicKey = config.get("publicKey") ?? readFileSync(publicKeyFile, "utf8").trim();

const key = new hcloud.SshKey("operator", { publicKey });

const host = new nspawn.NspawnHost("host-1", {
  server: {
    name: "host-1",
    serverType: config.get("serverType") ?? "cx23",
    image: config.get("image") ?? "debian-13",
    location: config.get("location") ?? "fsn1",
    sshKeys: [key.name],
  },
});

const br0 = new nspawn.BridgeNetwork("br0", { host });
const ip4 = new nspawn.FloatingIp("web-ipv4", { type: "ipv4", host });
const ip6 = new nspawn.FloatingIp("web-ipv6", { type: "ipv6", host });

const web = new nspawn.NspawnMachine("web", {
  host,
  networks: [{ network: br0, addresses: [ip4, ip6.addressFor("web")] }],
  image: nspawn.image.debootstrap({ suite: "trixie" }),
  authorizedKeys: [publicKey],
});

export const server = host.ipv4;
export const machine = web.machineName;
export const ipv4 = web.ipv4;
export const ipv6 = web.ipv6;
