import type * as Nspawn from "../../provider";
import { runProgram, valueOf } from "./run-program";

jest.setTimeout(60_000);

type Program = (nspawn: typeof Nspawn, host: Nspawn.NspawnHost) => unknown;

async function run(program: Program) {
  return runProgram(async ({ nspawn }) => {
    const host = new nspawn.NspawnHost("home", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" } });
    await program(nspawn, host);
  });
}

/** What a program is refused with; the others of its resources are registered to the end. */
async function refusalOf(program: Program): Promise<string> {
  let refusal = "accepted";
  await run(async (nspawn, host) => {
    try {
      await program(nspawn, host);
    } catch (error) {
      refusal = (error as Error).message;
    }
  });
  return refusal;
}

const bridgesOf = (registered: Awaited<ReturnType<typeof run>>) =>
  registered.filter(({ type }) => type === "pulumi-nodejs:dynamic/nspawn:BridgeNetwork");

describe("many bridges in one call", () => {
  test("are bridges of their names, isolated, with arguments of all and of each", async () => {
    const registered = await run((nspawn, host) => {
      const made = nspawn.bridgeNetworks(host, ["mgmt", "storage"], {
        ...{ isolation: "none", macvlan: true },
        each: { storage: { mtu: 9000, macvlan: { name: "mesh" } } },
      });
      // Of their names alone.
      const { mgmt, storage }: Record<"mgmt" | "storage", Nspawn.BridgeNetwork> = made;
      expect([mgmt, storage].every((one) => one instanceof nspawn.BridgeNetwork)).toBe(true);
    });
    expect(
      bridgesOf(registered).map(({ name, inputs: { bridge, mode, isolation, macvlan, mtu } }) => ({
        ...{ name, bridge, mode, isolation, macvlan, mtu },
      })),
    ).toEqual([
      { name: "br-mgmt", bridge: "br-mgmt", mode: "isolated", isolation: "none", macvlan: "mv-mgmt", mtu: undefined },
      { name: "br-storage", bridge: "br-storage", mode: "isolated", isolation: "none", macvlan: "mesh", mtu: 9000 },
    ]);
  });

  test("protect their machines and have no macvlan, unless the program says so", async () => {
    const registered = await run((nspawn, host) => nspawn.bridgeNetworks(host, ["a"], { prefix: "net-" }));
    const { inputs } = bridgesOf(registered)[0]!;
    expect([inputs.bridge, inputs.isolation, inputs.macvlan]).toEqual(["net-a", "tenant", undefined]);
  });

  test.each<[string, Program, string]>([
    ["no name", (nspawn, host) => nspawn.bridgeNetworks(host, []), "must be a list of names"],
    ["a name twice", (nspawn, host) => nspawn.bridgeNetworks(host, ["a", "a"]), '"a" is listed twice'],
    [
      "arguments of none of them",
      (nspawn, host) => nspawn.bridgeNetworks(host, ["a"], { each: { b: {} } as never }),
      '"b" is none of the bridges a',
    ],
  ])("are refused with %s", async (_, program, message) => {
    expect(await refusalOf(program)).toContain(message);
  });
});

describe("a macvlan's interfaces are one bridge's", () => {
  test.each<[string, Program, string]>([
    [
      "two bridges whose macvlans have one name",
      (nspawn, host) =>
        ["br-a", "a"].map(
          (bridge) => new nspawn.BridgeNetwork(bridge, { host, bridge, isolation: "none", macvlan: true }),
        ),
      "interface mv-a on shop/test/host/home is used twice: by the macvlan of",
    ],
    [
      "a bridge that is called like the end of another one's pair",
      (nspawn, host) => {
        new nspawn.BridgeNetwork("x", { host, bridge: "x", isolation: "none", macvlan: { name: "mesh" } });
        new nspawn.BridgeNetwork("y", { host, bridge: "mesh-v1" });
      },
      "interface mesh-v1 on shop/test/host/home is used twice",
    ],
  ])("%s", async (_, program, message) => {
    expect(await refusalOf(program)).toContain(message);
  });

  test("machines are attached to it, and know its name", async () => {
    const registered = await run(async (nspawn, host) => {
      const network = new nspawn.BridgeNetwork("br-a", { host, bridge: "br-a", isolation: "none", macvlan: true });
      expect(await valueOf(network.macvlan)).toBe("mv-a");
      const image = nspawn.image.debootstrap({ suite: "trixie" });
      new nspawn.NspawnMachine("web", { host, image, networks: [{ network, attach: "macvlan" }] });
      new nspawn.NspawnMachine("db", { host, image, networks: [{ network }] });
    });
    const machines = registered.filter(({ type }) => type.endsWith(":NspawnMachine") && type.includes("dynamic"));
    const networks = new Map(machines.map(({ name, inputs }) => [name, inputs.networks[0]]));
    expect(networks.get("web")).toMatchObject({ bridge: "br-a", attach: "macvlan", macvlan: "mv-a" });
    expect(Object.keys(networks.get("db"))).not.toEqual(expect.arrayContaining(["attach"]));
  });
});
