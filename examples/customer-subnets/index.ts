import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const publicKey = new pulumi.Config().require("publicKey");
const key = new hcloud.SshKey("operator", { publicKey });

const host = new nspawn.NspawnHost("host-1", {
  server: { serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key.name] },
  // Answers where the provider's router asks for each address; where it does not ask, nobody hears it.
  neighbourProxy: "ndppd",
});
const br0 = new nspawn.BridgeNetwork("br0", { host });

// A router for each customer, with an address of its own, and a /80 for what is behind it.
const image = nspawn.image.debootstrap({ suite: "trixie" });
const customers = ["customer1", "customer2"].map((name) => {
  const networks = [{ network: br0, addresses: [br0.ipv6For(name)], subnets: [br0.subnetFor(name, 80)] }];
  const router = new nspawn.NspawnMachine(name, { host, networks, image, authorizedKeys: [publicKey] });
  return { name, router };
});

const byName = <T>(of: (router: nspawn.NspawnMachine) => T) =>
  Object.fromEntries(customers.map(({ name, router }) => [name, of(router)]));
export const routers = byName((router) => router.ipv6);
export const subnets = byName((router) => router.subnets.apply(([subnet]) => subnet));
