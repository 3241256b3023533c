import { TryApi } from "./try-api";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

const cloud = (ip_range?: string): object => ({ type: "cloud", network_zone: "eu-central", ip_range });

async function network(more: object = {}): Promise<string> {
  const order = { name: "n", ip_range: "10.0.0.0/16", subnets: [cloud("10.0.0.0/24")], ...more };
  return `/networks/${(await lab.done("POST", "/networks", order)).network.id}`;
}

/** The field that is refused, and the reason. */
async function refused(path: string, body: object): Promise<[string, string]> {
  const answer = await lab.call("POST", path, body);
  expect([answer.status, answer.body.error?.code]).toEqual([422, "invalid_input"]);
  const [field] = answer.body.error.details.fields;
  return [field.name, field.messages[0]];
}

describe("the range of a network", () => {
  test.each([
    ["8.8.0.0/16", "has to lie within a private range of RFC 1918, got 8.8.0.0/16"],
    ["100.64.0.0/10", "has to lie within a private range of RFC 1918, got 100.64.0.0/10"],
    ["10.0.0.0/7", "has to lie within a private range of RFC 1918, got 10.0.0.0/7"],
    ["172.0.0.0/8", "has to lie within a private range of RFC 1918, got 172.0.0.0/8"],
    ["192.168.0.0/25", "has to be a /24 or larger, got 192.168.0.0/25"],
    ["10.0.0.1/16", "is not an IPv4 network with its host bits zero: '10.0.0.1/16'"],
    ["fd00::/64", "is not an IPv4 network with its host bits zero: 'fd00::/64'"],
  ])("%s is refused", async (ip_range, reason) => {
    expect(await refused("/networks", { name: "x", ip_range })).toEqual(["ip_range", reason]);
  });

  test.each(["10.0.0.0/8", "172.16.0.0/12", "192.168.7.0/24"])("%s is taken", async (ip_range) => {
    await network({ ip_range, subnets: [] });
  });

  test("grows at its end only", async () => {
    const path = `${await network({ ip_range: "10.1.0.0/16", subnets: [] })}/actions/change_ip_range`;
    const reason = "has to begin as 10.1.0.0/16 does, and to be as large or larger";
    expect(await refused(path, { ip_range: "10.0.0.0/15" })).toEqual(["ip_range", reason]);
    expect(await refused(path, { ip_range: "10.1.0.0/17" })).toEqual(["ip_range", reason]);
    expect((await refused(path, { ip_range: "11.0.0.0/8" }))[0]).toBe("ip_range");
  });
});

describe("subnets", () => {
  test.each([
    ["a /31", cloud("10.0.7.0/31"), "ip_range", "has to be a /30 or larger, got 10.0.7.0/31"],
    ["one outside", cloud("10.1.0.0/24"), "ip_range", "has to lie within 10.0.0.0/16, got 10.1.0.0/24"],
    ["one upon another", cloud("10.0.0.128/25"), "ip_range", "10.0.0.128/25 overlaps with the subnet 10.0.0.0/24"],
    ["one upon a route", cloud("10.0.200.0/24"), "ip_range", "10.0.200.0/24 overlaps with the route to 10.0.200.0/22"],
    [
      "an unknown zone",
      { type: "cloud", network_zone: "eu-west", ip_range: "10.0.7.0/24" },
      "network_zone",
      "must be one of eu-central, us-east, us-west, ap-southeast",
    ],
    ["no zone", { type: "cloud", ip_range: "10.0.7.0/24" }, "network_zone", "missing data for required field"],
    ["no type", { network_zone: "us-east", ip_range: "10.0.7.0/24" }, "type", "missing data for required field"],
    [
      "a vSwitch without id",
      { type: "vswitch", network_zone: "eu-central", ip_range: "10.0.7.0/24" },
      "vswitch_id",
      "missing data for required field",
    ],
    [
      "an id without vSwitch",
      { ...cloud("10.0.7.0/24"), vswitch_id: 3 },
      "vswitch_id",
      "is for subnets of type vswitch only",
    ],
  ])("%s is refused, alone and with its network", async (_what, subnet, field, reason) => {
    const routes = [{ destination: "10.0.200.0/22", gateway: "10.0.0.7" }];
    const path = await network({ routes });
    expect(await refused(`${path}/actions/add_subnet`, subnet)).toEqual([field, reason]);
    if (reason.includes("route")) return;
    const order = { name: "m", ip_range: "10.0.0.0/16", subnets: [cloud("10.0.0.0/24"), subnet] };
    expect(await refused("/networks", order)).toEqual([`subnets.1.${field}`, reason]);
  });

  test("without a range the first free /24 is taken, until there is none", async () => {
    const path = await network({ ip_range: "10.0.0.0/23" });
    await lab.done("POST", `${path}/actions/add_subnet`, cloud());
    expect((await lab.call("GET", path)).body.network.subnets[1].ip_range).toBe("10.0.1.0/24");
    const full = "10.0.0.0/23 has no room for another /24";
    expect(await refused(`${path}/actions/add_subnet`, cloud())).toEqual(["ip_range", full]);
  });

  test("the id of a vSwitch is shown", async () => {
    const path = await network({
      subnets: [{ type: "vswitch", vswitch_id: 9, network_zone: "us-east", ip_range: "10.0.1.0/24" }],
    });
    expect((await lab.call("GET", path)).body.network.subnets[0]).toMatchObject({ type: "vswitch", vswitch_id: 9 });
  });
});

describe("routes", () => {
  const vswitch = { type: "vswitch", vswitch_id: 9, network_zone: "eu-central", ip_range: "10.0.50.0/24" };
  const given = {
    subnets: [cloud("10.0.0.0/24"), vswitch],
    routes: [{ destination: "10.100.0.0/16", gateway: "10.0.0.7" }],
  };

  test.each([
    ["the same twice", "10.100.0.0/16", "10.0.0.8", "destination", "10.100.0.0/16 has a route already"],
    [
      "one upon another",
      "10.100.7.0/24",
      "10.0.0.8",
      "destination",
      "10.100.7.0/24 overlaps with the route to 10.100.0.0/16",
    ],
    ["one upon a subnet", "10.0.0.0/25", "10.0.0.8", "destination", "10.0.0.0/25 overlaps with the subnet 10.0.0.0/24"],
    [
      "to public addresses",
      "8.8.8.0/24",
      "10.0.0.8",
      "destination",
      "has to be 0.0.0.0/0 or lie within a private range of RFC 1918, got 8.8.8.0/24",
    ],
    ["to the servers' own gateway", "172.31.0.0/16", "10.0.0.8", "destination", "must not hold 172.31.1.1"],
    [
      "by the network's first address",
      "10.200.0.0/16",
      "10.0.0.1",
      "gateway",
      "'10.0.0.1' has to be an address within 10.0.0.0/16, not its first",
    ],
    ["by the servers' own gateway", "10.200.0.0/16", "172.31.1.1", "gateway", "must not be 172.31.1.1"],
    [
      "by an address behind a vSwitch",
      "10.200.0.0/16",
      "10.0.50.7",
      "gateway",
      "10.0.50.7 lies behind the vSwitch of 10.0.50.0/24",
    ],
  ])("%s is refused, alone and with its network", async (_what, destination, gateway, field, reason) => {
    const path = `${await network(given)}/actions/add_route`;
    expect(await refused(path, { destination, gateway })).toEqual([field, reason]);
    const routes = [...given.routes, { destination, gateway }];
    const order = { name: "m", ip_range: "10.0.0.0/16", subnets: given.subnets, routes };
    expect(await refused("/networks", order)).toEqual([`routes.1.${field}`, reason]);
  });

  test("the default route may lie over all others, once", async () => {
    const path = await network(given);
    const route = { destination: "0.0.0.0/0", gateway: "10.0.0.8" };
    await lab.done("POST", `${path}/actions/add_route`, route);
    await lab.done("POST", `${path}/actions/add_route`, { destination: "192.168.0.0/16", gateway: "10.0.0.8" });
    await lab.done("POST", `${path}/actions/add_subnet`, cloud("10.0.60.0/24"));
    expect((await refused(`${path}/actions/add_route`, route))[1]).toBe("0.0.0.0/0 has a route already");
  });
});
