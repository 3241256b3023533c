import type * as Nspawn from "../../provider";
import { runProgram, valueOf } from "./run-program";

jest.setTimeout(60_000);

type Modules = Parameters<Parameters<typeof runProgram>[0]>[0];

/** A program on one existing host; its error, or undefined. */
async function errorOf(
  program: (nspawn: typeof Nspawn, host: Nspawn.NspawnHost, modules: Modules) => unknown,
): Promise<{ code?: string; message: string; path?: string } | undefined> {
  let failure: any;
  await runProgram(async (modules) => {
    const host = new modules.nspawn.NspawnHost("home", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" } });
    try {
      await program(modules.nspawn, host, modules);
    } catch (error) {
      failure = error;
    }
  }).catch((error: unknown) => (failure ??= error));
  return failure;
}

const image = (nspawn: typeof Nspawn) => nspawn.image.debootstrap({ suite: "bookworm" });

// What is found out in an output ends the whole program, and jest with it: test/contract/tarball.test.ts.
describe("two of the same in one program fail in the preview", () => {
  test("machines with one name on one host", async () => {
    const error = await errorOf((nspawn, host) => {
      const machine = (name: string) =>
        new nspawn.NspawnMachine(name, { host, networks: [], machineName: "web", image: image(nspawn) });
      machine("a");
      machine("b");
    });
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT" });
    expect(error?.message).toContain("machine web on shop/test/host/home is used twice");
    expect(error?.message).toContain('NspawnMachine "a" and by NspawnMachine "b"');
  });

  test("a bridge has 1,023 ports, cables of the machines' own have no such end", async () => {
    const full = (attach: "bridge" | "veth") =>
      errorOf((nspawn, host) => {
        const br0 = new nspawn.BridgeNetwork("br0", { host, attach });
        for (let port = 0; port < 1023; port++) br0.attach();
        new nspawn.NspawnMachine("web", { host, networks: [{ network: br0 }], image: image(nspawn) });
      });
    expect(await full("bridge")).toMatchObject({
      code: "NSPAWN_INVALID_INPUT",
      path: "networks",
      message: expect.stringContaining(
        'has 1023 ports at most; put the machine on another BridgeNetwork, or give this one attach: "veth"',
      ),
    });
    expect(await full("veth")).toBeUndefined();
  });

  test("machines with one name on two hosts are two machines", async () => {
    const error = await errorOf((nspawn, host) => {
      const other = new nspawn.NspawnHost("other", { ssh: { host: "203.0.113.10", hostKey: "ssh-ed25519 AAAA" } });
      for (const [name, place] of [
        ["a", host],
        ["b", other],
      ] as const)
        new nspawn.NspawnMachine(name, { host: place, networks: [], machineName: "web", image: image(nspawn) });
    });
    expect(error).toBeUndefined();
  });

  test("bridges with one interface name on one host", async () => {
    const error = await errorOf((nspawn, host) => {
      new nspawn.BridgeNetwork("first", { host });
      new nspawn.BridgeNetwork("second", { host, bridge: "br0" });
    });
    expect(error?.message).toContain("interface br0 on shop/test/host/home is used twice");
  });

  test("networks of two bridges that overlap", async () => {
    const error = await errorOf((nspawn, host) => {
      new nspawn.BridgeNetwork("a", { host, bridge: "nat0", mode: "nat", ipv4: { network: "10.3.0.0/16" } });
      new nspawn.BridgeNetwork("b", { host, bridge: "nat1", mode: "nat", ipv4: { network: "10.3.7.0/24" } });
    });
    expect(error?.message).toContain(
      'network 10.3.7.0/24 on shop/test/host/home of BridgeNetwork "b" overlaps with network 10.3.0.0/16 of BridgeNetwork "a"',
    );
  });

  test("one port of the host that leads to two machines", async () => {
    const error = await errorOf((nspawn, host) => {
      const network = new nspawn.BridgeNetwork("a", { host, bridge: "nat0", mode: "nat" });
      const ports = [{ protocol: "tcp" as const, host: 8080, machine: 80 }];
      for (const name of ["web", "db"])
        new nspawn.NspawnMachine(name, { host, networks: [{ network, ports }], image: image(nspawn) });
    });
    expect(error?.message).toContain("port 8080/tcp of shop/test/host/home is used twice");
  });

  test("but not one address of two networks that nobody outside knows", async () => {
    const error = await errorOf((nspawn, host) => {
      for (const bridge of ["back", "side"]) {
        const network = new nspawn.BridgeNetwork(bridge, {
          ...{ host, bridge, mode: "isolated", ipv4: { network: "10.9.0.0/24" } },
        });
        const networks = [{ network, addresses: ["10.9.0.7"] }];
        new nspawn.NspawnMachine(`on-${bridge}`, { host, networks, image: image(nspawn) });
      }
    });
    expect(error).toBeUndefined();
  });

  test("one name asked twice in one network is the same address, not a collision", async () => {
    const error = await errorOf(async (nspawn, host) => {
      const network = new nspawn.BridgeNetwork("br0", { host, ipv6: { prefix: "2001:db8:1::/64" } });
      const [first, second] = await Promise.all([valueOf(network.ipv6For("web")), valueOf(network.ipv6For("web"))]);
      expect(first).toBe(second);
      expect(first).toMatch(/^2001:db8:1:0?:/);
    });
    expect(error).toBeUndefined();
  });
});

describe("what is missing is said before anything is registered", () => {
  test.each([
    [undefined, "networks"],
    [["br0"], "networks[0]"],
    [[{ network: undefined }], "networks[0]"],
    [[null], "networks[0]"],
  ])("networks that are none: %j", async (networks, path) => {
    const error = await errorOf(
      (nspawn, host) => new nspawn.NspawnMachine("web", { host, networks: networks as never, image: image(nspawn) }),
    );
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", path });
    expect(error?.message).toContain("must be a list of { network: a BridgeNetwork");
  });

  test("a host with neither a server nor an address", async () => {
    const error = await errorOf((nspawn) => new nspawn.NspawnHost("x", {}));
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", path: "ssh.host" });
  });

  test("an existing host without its key", async () => {
    const error = await errorOf((nspawn) => new nspawn.NspawnHost("x", { ssh: { host: "203.0.113.9" } }));
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", path: "ssh.hostKey" });
    expect(error?.message).toContain("ssh-keyscan");
  });

  test("an existing hcloud.Server without its key", async () => {
    const error = await errorOf((nspawn, _, { hcloud }) => {
      const server = new hcloud.Server("given", { serverType: "cx23", image: "debian-12" });
      new nspawn.NspawnHost("x", { server });
    });
    expect(error).toMatchObject({ path: "ssh.hostKey" });
  });

  test("a floating address on a host without a server", async () => {
    const error = await errorOf(
      (nspawn, host) => new nspawn.FloatingIp("ip", { type: "ipv4", homeLocation: "fsn1", host }),
    );
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", path: "host" });
  });

  test("a floating address without a home", async () => {
    const error = await errorOf((nspawn) => new nspawn.FloatingIp("ip", { type: "ipv4" }));
    expect(error).toMatchObject({ path: "homeLocation" });
  });

  test("a machine with a floating address that points nowhere", async () => {
    const error = await errorOf((nspawn, host) => {
      const network = new nspawn.BridgeNetwork("br0", { host });
      const ip = new nspawn.FloatingIp("ip", { type: "ipv4", homeLocation: "fsn1" });
      new nspawn.NspawnMachine("web", { host, networks: [{ network, addresses: [ip] }], image: image(nspawn) });
    });
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", path: "networks" });
  });
});
