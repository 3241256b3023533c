// One prepared host with NSPAWN_BENCH_MACHINES machines; none is the state in which the clock starts.
const { readFileSync } = require("node:fs");
const hcloud = require("@pulumi/hcloud");
const nspawn = require("pulumi-nspawn");

const publicKey = readFileSync(process.env.NSPAWN_PUBLIC_KEY_FILE, "utf8").trim();
const key = new hcloud.SshKey("operator", { publicKey });
const host = new nspawn.NspawnHost("host-1", {
  server: { name: "host-1", serverType: "cx23", image: "debian-12", location: "fsn1", sshKeys: [key.name] },
});
const br0 = new nspawn.BridgeNetwork("br0", { host });
const network = new nspawn.FloatingIp("bench", { type: "ipv6", host });
const names = Array.from({ length: Number(process.env.NSPAWN_BENCH_MACHINES) }, (_, index) => `m${index + 1}`);
const machines = names.map(
  (name) =>
    new nspawn.NspawnMachine(name, {
      host,
      networks: [{ network: br0, addresses: [network.addressFor(name)] }],
      image: nspawn.image.debootstrap({ suite: "bookworm" }),
      authorizedKeys: [publicKey],
      onDelete: "delete",
    }),
);

exports.addresses = Object.fromEntries(machines.map((machine, index) => [names[index], machine.ipv6]));
