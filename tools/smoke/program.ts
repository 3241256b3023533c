import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "../../provider";
import { labelKey, type Order } from "./order";

// What stacks/ deploys, and a second server as the client. NSPAWN_SMOKE says what; see Declared.

interface Declared {
  order: Order;
  publicKey: string;
  /** Hands the client a host key that is known before its first connection; secret. */
  clientUserData: string;
}

const { order, publicKey, clientUserData } = JSON.parse(process.env.NSPAWN_SMOKE ?? "{}") as Declared;
const labels = { [labelKey]: order.id };
const { serverType, image, location } = order;

const key = new hcloud.SshKey("operator", { name: `smoke-${order.id}`, publicKey, labels });
const sized = { serverType, image, location, labels, sshKeys: [key.name] };

const host = new nspawn.NspawnHost("host", {
  server: { ...sized, name: `smoke-host-${order.id}` },
  packages: ["tcpdump"],
});
const client = new hcloud.Server("client", {
  ...sized,
  name: `smoke-client-${order.id}`,
  userData: pulumi.secret(clientUserData),
});

const br0 = new nspawn.BridgeNetwork("br0", { host });
const ip4 = new nspawn.FloatingIp("web-ipv4", { type: "ipv4", host, labels });
const ip6 = new nspawn.FloatingIp("web-ipv6", { type: "ipv6", host, labels });
const web = new nspawn.NspawnMachine("web", {
  host,
  networks: [{ network: br0, addresses: [ip4, ip6.addressFor("web")] }],
  image: nspawn.image.debootstrap({ suite: "trixie" }),
  authorizedKeys: [publicKey],
});

export const machine = { ipv4: web.ipv4, ipv6: web.ipv6, network: ip6.network };
export const server = { ipv4: host.ipv4, network: host.ipv6Network, uplink: host.uplink, hostKey: host.hostKey };
export const peer = { ipv4: client.ipv4Address, ipv6: client.ipv6Address };
