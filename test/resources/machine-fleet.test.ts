import type * as Nspawn from "../../provider";
import { type Modules, ofType, type Registered, runProgram, valueOf } from "./run-program";

jest.setTimeout(60_000);

type Args = Partial<Nspawn.MachineFleetArgs>;
interface World {
  nspawn: typeof Nspawn;
  on: (Nspawn.FleetHost & { host: Nspawn.Host })[];
}

/** Three hosts of the program, each with a bridge. */
function world({ nspawn }: Modules): World {
  const on = ["one", "two", "three"].map((name, index) => {
    const host = new nspawn.NspawnHost(name, { ssh: { host: `203.0.113.${9 + index}`, hostKey: "ssh-ed25519 A" } });
    const ipv6 = { prefix: `2001:db8:${index + 1}::/64` };
    return { host, network: new nspawn.BridgeNetwork(`br0-${name}`, { host, ipv6 }) };
  });
  return { nspawn, on };
}

const image = { kind: "debootstrap", suite: "trixie" };

async function fleetOf(
  args: (world: World) => Args,
  name = "web",
): Promise<{ fleet: Nspawn.MachineFleet; made: Registered[] }> {
  let fleet: Nspawn.MachineFleet | undefined;
  const made = await runProgram((modules) => {
    const given = world(modules);
    const template = { image: modules.nspawn.image.debootstrap({ suite: "trixie" }) };
    fleet = new modules.nspawn.MachineFleet(name, {
      on: given.on,
      template,
      ...args(given),
    });
  });
  return { fleet: fleet!, made };
}

/** What the engine gets of the members, by their names. */
async function inputsOf(args: (world: World) => Args): Promise<Record<string, Record<string, any>>> {
  const { made } = await fleetOf(args);
  const machines = made.filter(({ type }) => type === "pulumi-nodejs:dynamic/nspawn:NspawnMachine");
  return Object.fromEntries(machines.map(({ name, inputs }) => [name, inputs]));
}

describe("a fleet", () => {
  test("is a machine for each member, in turn on each host, at the address of its name", async () => {
    const { fleet, made } = await fleetOf(() => ({ count: 4, maxUnavailable: 2 }));
    expect(fleet.machines.map(({ machineName }) => machineName)).toEqual(["web-1", "web-2", "web-3", "web-4"]);
    expect(fleet.byHost).toEqual({ one: ["web-1", "web-4"], two: ["web-2"], three: ["web-3"] });
    const addresses = await valueOf(fleet.addresses);
    expect(addresses["web-2"]).toEqual([expect.stringMatching(/^2001:db8:2:/)]);
    expect(Object.keys(addresses)).toEqual(["web-1", "web-2", "web-3", "web-4"]);
    const [first] = ofType(made, "pulumi-nodejs:dynamic/nspawn:NspawnMachine");
    expect(first!.inputs).toMatchObject({
      name: "web-1",
      owner: "shop/test/machine/web-1",
      host: { id: "shop/test/host/one" },
      image: expect.objectContaining(image),
      fleet: { name: "web", maxUnavailable: 2 },
    });
    expect(first!.inputs.networks[0].addresses[0].address).toBe(addresses["web-1"]![0]);
  });

  test("of three, ten and two touches only those that come or go", async () => {
    const three = await inputsOf(() => ({ count: 3 }));
    const ten = await inputsOf(() => ({ count: 10 }));
    const two = await inputsOf(() => ({ count: 2 }));
    expect(Object.keys(ten)).toHaveLength(10);
    for (const name of Object.keys(three)) expect(ten[name]).toEqual(three[name]);
    for (const name of Object.keys(two)) expect(two[name]).toEqual(three[name]);
  });

  test("with a host more, or one fewer, has all others where they are", async () => {
    const two = await inputsOf(({ on }) => ({ count: 6, on: on.slice(0, 2) }));
    const three = await inputsOf(({ on }) => ({ count: 6, on: [on[0]!, on[1]!, { ...on[2]!, from: 7 }] }));
    expect(three).toEqual(two);
    const one = await inputsOf(({ on }) => ({ count: 6, on: [{ gone: true }, on[1]!, { ...on[2]!, from: 7 }] }));
    const stayed = Object.keys(two).filter((name) => two[name]!.host.id.endsWith("/two"));
    expect(stayed).toEqual(["web-2", "web-4", "web-6"]);
    for (const name of stayed) expect(one[name]).toEqual(two[name]);
    expect(one["web-1"]!.host.id).toBe("shop/test/host/two");
  });

  test("of names has each where its name leads it, or where the program says", async () => {
    const all = await inputsOf(() => ({ names: ["alpha", "beta", "gamma", "delta"] }));
    const fewer = await inputsOf(() => ({ names: ["delta", "beta"] }));
    expect(fewer).toEqual({ beta: all.beta, delta: all.delta });
    const { fleet } = await fleetOf(({ on }) => ({ names: { db: on[2]!.host, cache: on[0]!.host } }));
    expect(fleet.byHost).toEqual({ three: ["db"], one: ["cache"] });
  });

  test("asks its template for each member", async () => {
    const seen: Nspawn.FleetMember[] = [];
    const { made } = await fleetOf(({ nspawn }) => ({
      count: 2,
      template: (member: Nspawn.FleetMember) => {
        seen.push(member);
        const { name, network, number } = member;
        const addresses = [network.ipv6For(`${name}-front`)];
        return {
          image: nspawn.image.debootstrap({ suite: "trixie" }),
          hostname: `w${number}`,
          networks: [{ network, addresses }],
        };
      },
    }));
    expect(seen.map(({ name, number }) => [name, number])).toEqual([
      ["web-1", 1],
      ["web-2", 2],
    ]);
    const machines = ofType(made, "pulumi-nodejs:dynamic/nspawn:NspawnMachine");
    expect(machines.map(({ inputs }) => inputs.hostname)).toEqual(["w1", "w2"]);
    expect(new Set(machines.map(({ inputs }) => inputs.networks[0].addresses[0].address)).size).toBe(2);
  });

  test("of none is one", async () => {
    const { fleet, made } = await fleetOf(() => ({ count: 0 }));
    expect([fleet.machines, fleet.byHost, await valueOf(fleet.addresses)]).toEqual([[], {}, {}]);
    expect(made.map(({ type }) => type)).not.toContain("nspawn:index:NspawnMachine");
  });
});

describe("a fleet is refused", () => {
  let given: World;
  beforeAll(() => runProgram((modules) => void (given = world(modules))));

  function errorOf(args: (world: World) => unknown, name = "web"): any {
    const { nspawn, on } = given;
    const template = { image: nspawn.image.debootstrap({ suite: "trixie" }) };
    try {
      return new nspawn.MachineFleet(name, { on, template, ...(args(given) as Args) });
    } catch (error) {
      return error;
    }
  }

  test.each<[string, (world: World) => unknown, string, string]>([
    ["without count and names", () => ({}), "count", "give either `count`"],
    ["with both", () => ({ count: 1, names: ["a"] }), "count", "give either `count`"],
    ["with half a member", () => ({ count: 1.5 }), "count", "must be an integer from 0 to 10000"],
    ["with too many", () => ({ count: 10_001 }), "count", "must be an integer from 0 to 10000"],
    ["with a count as text", () => ({ count: "3" }), "count", 'got "3"'],
    ["with a name twice", () => ({ names: ["a", "b", "a"] }), "names[2]", "is listed twice"],
    ["with a name that no machine may have", () => ({ names: ["A"] }), "names[0]", "must be a host name"],
    ["without a host", () => ({ count: 1, on: [] }), "on", "must have 1 to 100 elements"],
    [
      "with a host without a network",
      ({ on }) => ({ count: 1, on: [{ host: on[0]!.host }] }),
      "on[0]",
      "its BridgeNetwork",
    ],
    [
      "with a host twice",
      ({ on }) => ({ count: 1, on: [on[0], on[0]] }),
      "on[1].host",
      "is listed twice, first at [0]",
    ],
    ["with gaps alone", ({ on }) => ({ count: 1, on: [{ ...on[0], gone: true }] }), "on", "all hosts are gone"],
    ["with no room", ({ on }) => ({ count: 3, on: [{ ...on[0], capacity: 2 }] }), "on", "no room for member 3 of 3"],
    [
      "with no host from the first",
      ({ on }) => ({ count: 3, on: [{ ...on[0], from: 2 }] }),
      "on",
      "no room for member 1",
    ],
    [
      "with a weight of nothing",
      ({ on }) => ({ count: 1, on: [{ ...on[0], weight: 0 }] }),
      "on[0].weight",
      "from 1 to 100",
    ],
    ["with names in packs", () => ({ names: ["a"], spread: "pack" }), "spread", "pack needs `count`"],
    [
      "with names in an order",
      ({ on }) => ({ names: ["a"], on: [{ ...on[0], from: 2 }] }),
      "on[0].from",
      "needs `count`",
    ],
    ["with a name elsewhere", ({ on }) => ({ names: { a: on[1]!.host }, on: [on[0]] }), "names.a", "none of the hosts"],
    ["with another spread", () => ({ count: 1, spread: "random" }), "spread", '"round-robin" or "pack"'],
    ["with nobody to be changed", () => ({ count: 1, maxUnavailable: 0 }), "maxUnavailable", "from 1 to 10000"],
    [
      "with a template's host",
      ({ on }) => ({ count: 1, template: { host: on[0]!.host } }),
      "template.host",
      "leave it out",
    ],
    ["without a template", () => ({ count: 1, template: undefined }), "template", "must be arguments of a machine"],
    [
      "with an unknown argument",
      () => ({ count: 1, maxUnavailble: 2 }),
      "maxUnavailble",
      'did you mean "maxUnavailable"?',
    ],
  ])("%s", (_, args, path, message) => {
    const error = errorOf(args);
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", path });
    expect(error.message).toContain(`MachineFleet "web": ${path}: `);
    expect(error.message).toContain(message);
  });

  test("with a name with which no machine's name can begin", () => {
    const error = errorOf(() => ({ count: 2 }), "Web");
    expect(error.message).toContain('MachineFleet "Web": name: must be a host name');
  });

  test("with a function that gives no arguments", () => {
    const error = errorOf(() => ({ count: 2, template: () => undefined }));
    expect(error.message).toMatch(
      /^MachineFleet "web": template of web-1: must be arguments of a machine.*NSPAWN_INVALID/,
    );
  });

  test("for all that is wrong with it at once", () => {
    const { message } = errorOf(() => ({ count: -1, spread: "pack", maxUnavailable: "two" }));
    expect(message.match(/MachineFleet "web": /g)).toHaveLength(2);
  });
});
