import type * as Nspawn from "../../provider";
import { ofType, runProgram, type Registered } from "./run-program";

jest.setTimeout(60_000);

type Modules = Parameters<Parameters<typeof runProgram>[0]>[0];
type Failover = (nspawn: typeof Nspawn, hosts: Nspawn.NspawnHost[]) => unknown;

const server = { serverType: "cx23", image: "debian-12", location: "fsn1" };
const image = (nspawn: typeof Nspawn) => nspawn.image.debootstrap({ suite: "bookworm" });

/** A program on three servers. */
async function onHosts(program: Failover): Promise<Registered[]> {
  return runProgram(async ({ nspawn }: Modules) => {
    await program(
      nspawn,
      ["a", "b", "c"].map((name) => new nspawn.NspawnHost(name, { server })),
    );
  });
}

const errorOf = (program: Failover): Promise<unknown> =>
  onHosts(program).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a floating address that somebody else moves", () => {
  test("is answered for on all its hosts, and assigned once", async () => {
    const registered = await onHosts((nspawn, [host, b, c]) => {
      new nspawn.FloatingIp("web", { type: "ipv4", host, standby: [b!, c!], failover: "external" });
    });
    const answered = ofType(registered, "pulumi-nodejs:dynamic/nspawn:FloatingIp");
    expect(answered.map(({ name, inputs }) => [name, inputs.name, inputs.host.id, inputs.address])).toEqual([
      ["web", "web", "shop/test/host/a", "198.51.100.7"],
      ["web-b", "web-b", "shop/test/host/b", "198.51.100.7"],
      ["web-c", "web-c", "shop/test/host/c", "198.51.100.7"],
    ]);
    expect(new Set(answered.map(({ inputs }) => inputs.owner)).size).toBe(3);
    expect(ofType(registered, "hcloud:index/floatingIpAssignment:FloatingIpAssignment")).toHaveLength(1);
  });

  test("may be that of a machine on each of them, with its IPv6 network too", async () => {
    const registered = await onHosts((nspawn, hosts) => {
      const [host, other] = hosts;
      const ips = (["ipv4", "ipv6"] as const).map(
        (type) => new nspawn.FloatingIp(type, { type, host, standby: [other!], failover: "external" }),
      );
      for (const place of [host!, other!]) {
        const name = place === host ? "one" : "two";
        const network = new nspawn.BridgeNetwork(name, { host: place });
        const addresses = [ips[0]!, ips[1]!.addressFor("web")];
        new nspawn.NspawnMachine(name, { host: place, networks: [{ network, addresses }], image: image(nspawn) });
      }
    });
    const machines = ofType(registered, "pulumi-nodejs:dynamic/nspawn:NspawnMachine");
    const of = machines.map(({ inputs }) => inputs.networks[0].addresses as { host?: string; address: string }[]);
    expect(of).toHaveLength(2);
    expect(of[0]!.map(({ address }) => address)).toEqual(of[1]!.map(({ address }) => address));
    expect(of.flat().map(({ host }) => host)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("is not that of a machine on another host, and its check says so", async () => {
    const registered = await onHosts((nspawn, [host, b, c]) => {
      const ip = new nspawn.FloatingIp("web", { type: "ipv4", host, standby: [b!], failover: "external" });
      const network = new nspawn.BridgeNetwork("c", { host: c! });
      new nspawn.NspawnMachine("web", { host: c!, networks: [{ network, addresses: [ip] }], image: image(nspawn) });
    });
    const [machine] = ofType(registered, "pulumi-nodejs:dynamic/nspawn:NspawnMachine");
    expect(machine!.inputs.networks[0].addresses[0].host).toBe("shop/test/host/a");
  });

  test.each<[string, string, Failover]>([
    ["standby", "pinned address", (n, [host, b]) => new n.FloatingIp("web", { type: "ipv4", host, standby: [b!] })],
    [
      "host",
      "is required",
      (n, [, b]) =>
        new n.FloatingIp("web", { type: "ipv4", homeLocation: "fsn1", standby: [b!], failover: "external" }),
    ],
    [
      "standby",
      "already",
      (n, [host]) => new n.FloatingIp("web", { type: "ipv4", host, standby: [host!], failover: "external" }),
    ],
    ["failover", "must be", (n, [host]) => new n.FloatingIp("web", { type: "ipv4", host, failover: "x" as never })],
  ])("refuses a %s that makes no sense (%s)", async (path, message, program) => {
    const error = await errorOf(program);
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", path });
    expect((error as Error).message).toContain(message);
  });
});
