import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const publicKey = new pulumi.Config().require("publicKey");
const key = new hcloud.SshKey("operator", { publicKey });

const host = new nspawn.NspawnHost("host-1", {
  server: { serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key.name] },
});

// The host has 10.0.3.1 and leases addresses. What leaves the bridge by IPv4 gets the host's own address.
const nat0 = new nspawn.BridgeNetwork("nat0", {
  host,
  bridge: "nat0",
  mode: "nat",
  ipv4: { network: "10.0.3.0/24" },
  dhcpServer: {
    ...{ poolOffset: 25, poolSize: 100, defaultLeaseTimeSec: 3 * 3600 },
    ...{ emitDns: true, emitNtp: true, emitTimezone: true },
  },
});

const image = nspawn.image.debootstrap({ suite: "trixie" });
const common = { host, image, authorizedKeys: [publicKey] };

/** From outside: by two ports of the host, and at its own IPv6 address, which nobody translates. */
const web = new nspawn.NspawnMachine("web", {
  ...common,
  networks: [
    {
      network: nat0,
      addresses: [nat0.ipv4For("web"), nat0.ipv6For("web")],
      ports: [
        { protocol: "tcp", host: 8080, machine: 80 },
        { protocol: "tcp", host: 2222, machine: 22 },
      ],
    },
  ],
});

/** From outside not at all. Its lease is always the same. */
const build = new nspawn.NspawnMachine("build", { ...common, networks: [{ network: nat0 }] });

export const server = host.ipv4;
export const webIpv6 = web.ipv6;
export const leases = { web: web.ipv4, build: build.ipv4 };
