// One prepared host, with storage of a type if NSPAWN_BENCH_STORAGE says so, and NSPAWN_BENCH_MACHINES machines; none is the
// state in which the clock starts.
const { readFileSync } = require("node:fs");
const hcloud = require("@pulumi/hcloud");
const nspawn = require("pulumi-nspawn");

const publicKey = readFileSync(process.env.NSPAWN_PUBLIC_KEY_FILE, "utf8").trim();
const { NSPAWN_BENCH_HOST: name = "host-1", NSPAWN_BENCH_STORAGE: type } = process.env;
// A project has a key once; that of the first host is there when there is another one.
const key = name === "host-1" ? new hcloud.SshKey("operator", { name: "operator", publicKey }).name : "operator";
const host = new nspawn.NspawnHost(name, {
  server: { name, serverType: "cx23", image: "debian-13", location: "fsn1", sshKeys: [key] },
  storage: type && { type },
});
const br0 = new nspawn.BridgeNetwork("br0", { host });
const network = new nspawn.FloatingIp("bench", { type: "ipv6", host });
const names = Array.from({ length: Number(process.env.NSPAWN_BENCH_MACHINES) }, (_, index) => `m${index + 1}`);
const machines = names.map(
  (name) =>
    new nspawn.NspawnMachine(name, {
      host,
      networks: [{ network: br0, addresses: [network.addressFor(name)] }],
      image: nspawn.image.debootstrap({ suite: "trixie" }),
      authorizedKeys: [publicKey],
      onDelete: "delete",
    }),
);

exports.addresses = Object.fromEntries(machines.map((machine, index) => [names[index], machine.ipv6]));
