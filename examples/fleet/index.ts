import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const config = new pulumi.Config();
const publicKey = config.require("publicKey");
const key = new hcloud.SshKey("operator", { publicKey });

/** A server, with the network of its members. */
const place = (name: string, location: string) => {
  const server = { serverType: "cx23", image: "debian-13", location, sshKeys: [key.name] };
  const host = new nspawn.NspawnHost(name, { server });
  return { host, network: new nspawn.BridgeNetwork(`br0-${name}`, { host }) };
};

// web-1, web-2, … in turn on the one and on the other, each at the IPv6 address of its name.
const web = new nspawn.MachineFleet("web", {
  count: config.getNumber("members") ?? 4,
  on: [place("one", "fsn1"), place("two", "nbg1")],
  template: {
    image: nspawn.image.debootstrap({ suite: "trixie", packages: ["nginx-light"] }),
    authorizedKeys: [publicKey],
    settings: { exec: { environment: { RELEASE: config.get("release") ?? "1" } } },
    readyWhen: { http: { port: 80 } },
  },
});

const dns = new nspawn.DnsRecords("dns", { domain: "example.org", machines: web.machines });

export const addresses = web.addresses;
export const byHost = web.byHost;
export const zoneFile = dns.zoneFile;
