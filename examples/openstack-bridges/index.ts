import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const publicKey = new pulumi.Config().require("publicKey");
const key = new hcloud.SshKey("operator", { publicKey });

const host = new nspawn.NspawnHost("host-1", {
  server: { serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key.name] },
});

// Leases and the way out.
const container = new nspawn.BridgeNetwork("br-container", {
  host,
  bridge: "br-container",
  mode: "nat",
  ipv4: { network: "10.0.3.0/24" },
  dhcpServer: { poolOffset: 25, poolSize: 100, defaultLeaseTimeSec: 3 * 3600 },
});

// br-mgmt with mv-mgmt, and so on. Machines on them trust each other.
const names = ["mgmt", "vlan", "vxlan", "storage", "flat"] as const;
const bridges = nspawn.bridgeNetworks(host, names, {
  isolation: "none",
  macvlan: true,
  each: { storage: { mtu: 9000 } },
});

const machine = (name: string, attach?: "macvlan") =>
  new nspawn.NspawnMachine(name, {
    host,
    image: nspawn.image.debootstrap({ suite: "trixie" }),
    networks: [
      { network: container },
      ...names.map((each) => ({ network: bridges[each], addresses: [bridges[each].ipv6For(name)], attach })),
    ],
  });

const infra1 = machine("infra1"); // br-mgmt, br-vlan, … inside, as ports of the bridges
const infra2 = machine("infra2", "macvlan"); // mv-mv-mgmt, mv-mv-vlan, … inside

export const addresses = { infra1: infra1.addresses, infra2: infra2.addresses };
