import { bridgeNetwork, floatingIp, nspawnHost, nspawnMachine } from "../../provider/handlers";
import type { Properties } from "../../provider/handlers/state";
import { machineMac } from "../../provider/model/mac-address";
import { commonArgs } from "../support/sample";
import { bridgeArguments, common, machineArguments } from "../support/arguments";

/** What a stack, a project and a host that are called something else hand over for the same things. */
function renamed(args: Properties, kind: string, name: string): Properties {
  const { id } = args.host as { id: string };
  const moved = JSON.parse(JSON.stringify(args).replaceAll(id, "store/prod/host/home")) as Properties;
  return { ...moved, owner: `store/prod/${kind}/${name}` };
}

const hostArguments = (): Properties => ({
  ...common("host", "host-1"),
  packages: [],
  sysctls: {},
  resolved: true,
  adopt: false,
});
const addressArguments = (): Properties => ({
  ...common("floating-ip", "web"),
  type: "ipv4",
  name: "web",
  address: "198.51.100.1",
});

const cases = [
  ["a host", nspawnHost, hostArguments(), "host", "home"],
  ["a bridge", bridgeNetwork, bridgeArguments(), "bridge", "lan"],
  ["a floating address", floatingIp, addressArguments(), "floating-ip", "web"],
  ["a machine", nspawnMachine, machineArguments(), "machine", "shop"],
] as const;

describe("another name of stack, project or resource", () => {
  test.each(cases)("is an update in place of %s", async (_what, handlers, args, kind, name) => {
    const before = await handlers.check({}, args);
    const after = await handlers.check(before.inputs, renamed(args, kind, name));
    expect([before.failures, after.failures]).toEqual([[], []]);
    expect(await handlers.diff("id", before.inputs, after.inputs)).toMatchObject({ changes: true, replaces: [] });
  });

  test.each(cases.slice(0, 2))(
    "on another machine is a replacement of %s",
    async (_what, handlers, args, kind, name) => {
      const before = await handlers.check({}, args);
      const news = renamed(args, kind, name);
      const after = await handlers.check(before.inputs, {
        ...news,
        host: { ...(news.host as object), instance: "another" },
      });
      expect((await handlers.diff("id", before.inputs, after.inputs)).replaces).toContain("host");
    },
  );

  test("behind another jump host one address is another machine", async () => {
    const before = await bridgeNetwork.check({}, bridgeArguments());
    const proxy = { ...commonArgs.connection, host: "192.0.2.9" };
    const news = { ...renamed(bridgeArguments(), "bridge", "lan"), connection: { ...commonArgs.connection, proxy } };
    const after = await bridgeNetwork.check(before.inputs, news);
    expect((await bridgeNetwork.diff("id", before.inputs, after.inputs)).replaces).toContain("host");
  });

  test("leaves a machine its MAC address, each time", async () => {
    const first = machineArguments();
    const [network] = first.networks as object[];
    const tenant = { ...first, networks: [{ ...network, isolation: "tenant" }] };
    const mac = machineMac({ owner: String(first.owner), name: "web" });
    let inputs = (await nspawnMachine.check({}, tenant)).inputs;
    for (const name of ["shop", "web", "shop"]) {
      inputs = (await nspawnMachine.check(inputs, renamed(tenant, "machine", name))).inputs;
      expect(JSON.stringify(inputs.files)).toContain(mac);
      expect(inputs.firstOwner).toBe(first.owner);
    }
    inputs = (await nspawnMachine.check(inputs, tenant)).inputs;
    expect(JSON.stringify(inputs.files)).toContain(mac);
    expect(inputs.firstOwner).toBeUndefined();
  });
});
