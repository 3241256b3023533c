import * as hcloud from "@pulumi/hcloud";
import * as pulumi from "@pulumi/pulumi";
import * as nspawn from "pulumi-nspawn";

const config = new pulumi.Config();
const publicKey = config.require("publicKey");
const stack = pulumi.getStack();

/** The stack that has the server. As long as tenants are on it, it stays. */
function platform(): pulumi.Output<nspawn.ExportedHost> {
  const key = new hcloud.SshKey("operator", { publicKey });
  const server = { serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key.name] };
  return new nspawn.NspawnHost("home", { server, shared: true }).exported;
}

/** Any other stack: a bridge, an address and a machine of its own, called like the stack. */
function tenant(): pulumi.Output<object> {
  const of = new pulumi.StackReference(config.require("platform"));
  const host = nspawn.NspawnHost.reference("home", of.requireOutput("host"));
  const ip = new nspawn.FloatingIp(stack, { type: "ipv4", host });
  const network = new nspawn.BridgeNetwork(stack, { host, bridge: `br-${stack}` });
  const machine = new nspawn.NspawnMachine(stack, {
    host,
    networks: [{ network, addresses: [ip, network.ipv6For(stack)] }],
    image: nspawn.image.debootstrap({ suite: "trixie" }),
    authorizedKeys: [publicKey],
  });
  return pulumi.output({ ipv4: machine.ipv4, ipv6: machine.ipv6 });
}

export const host = stack === "platform" ? platform() : undefined;
export const machine = stack === "platform" ? undefined : tenant();
