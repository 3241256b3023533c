import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const publicKey = new pulumi.Config().require("publicKey");
const key = new hcloud.SshKey("operator", { publicKey });

const [first, second] = ["host-a", "host-b"].map(
  (name) =>
    new nspawn.NspawnHost(name, {
      server: { serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key.name] },
    }),
) as [nspawn.NspawnHost, nspawn.NspawnHost];

// Pulumi decides where it points at first; from then on the watchers do.
const ip = new nspawn.FloatingIp("web", { type: "ipv4", host: first, standby: [second], failover: "external" });

/** A machine with the shared address, and an IPv6 address of its own by which the watchers ask for it. */
function webOn(host: nspawn.NspawnHost, name: string): pulumi.Output<object> {
  const network = new nspawn.BridgeNetwork(name, { host });
  const machine = new nspawn.NspawnMachine(name, {
    host,
    networks: [{ network, addresses: [ip, network.ipv6For(name)] }],
    image: nspawn.image.debootstrap({ suite: "trixie", packages: ["nginx-light"] }),
    authorizedKeys: [publicKey],
  });
  return pulumi.output({ ssh: host.ipv4, server: host.server!.id, url: pulumi.interpolate`http://[${machine.ipv6}]/` });
}

export const address = ip.address;
export const addressId = ip.id;
export const a = webOn(first, "web-a");
export const b = webOn(second, "web-b");
