import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const config = new pulumi.Config();
const publicKey = config.require("publicKey");
const key = new hcloud.SshKey("operator", { publicKey });

const host = new nspawn.NspawnHost("host-1", {
  server: {
    ...{ serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key.name] },
    publicNets: [{ ipv4Enabled: false, ipv6Enabled: true }],
  },
});
const br0 = new nspawn.BridgeNetwork("br0", { host });

// One image, and all of them on port 80: web, w2, …, w10.
const image = nspawn.image.debootstrap({ suite: "trixie", packages: ["nginx-light"] });
const names = Array.from({ length: 10 }, (_, index) => (index === 0 ? "web" : `w${index + 1}`));
const machines = names.map((name) => {
  const networks = [{ network: br0, addresses: [br0.ipv6For(name)] }];
  return new nspawn.NspawnMachine(name, { host, networks, image, authorizedKeys: [publicKey] });
});

const zone = new hcloud.Zone("zone", { name: config.require("domain"), mode: "primary" });
const dns = new nspawn.DnsRecords("dns", { zone, machines });

export const zoneFile = dns.zoneFile;
