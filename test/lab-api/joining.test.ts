import { TryApi } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

const cloud = (ip_range: string, network_zone = "eu-central"): object => ({ type: "cloud", network_zone, ip_range });

async function network(...subnets: object[]): Promise<number> {
  return (await lab.done("POST", "/networks", { name: "n", ip_range: "10.0.0.0/16", subnets })).network.id;
}

/** Joins a server; its place, or the code and the fields of the refusal. */
async function join(server: number, body: object): Promise<Json> {
  const path = `/servers/${server}/actions/attach_to_network`;
  const answer = await lab.call("POST", path, body);
  if (answer.status >= 400) return [answer.status, answer.body.error.code, answer.body.error.details?.fields[0].name];
  await lab.ended(answer.body.action.id);
  const { private_net } = (await lab.call("GET", `/servers/${server}`)).body.server;
  return private_net[0];
}

describe("attach_to_network", () => {
  test("ip_range chooses the subnet, ip has to be part of it, and an unknown one is not available", async () => {
    const id = await network(cloud("10.0.1.0/24"), cloud("10.0.2.0/24"));
    const { id: server } = await lab.server("s");
    expect(await join(server, { network: id, ip_range: "10.0.9.0/24" })).toEqual([
      422,
      "no_subnet_available",
      undefined,
    ]);
    expect(await join(server, { network: id, ip_range: "10.0.2.0/24", ip: "10.0.1.7" })).toEqual([
      422,
      "invalid_input",
      "ip",
    ]);
    expect(await join(server, { network: id, ip_range: "10.0.2.1/24" })).toEqual([422, "invalid_input", "ip_range"]);
    expect(await join(server, { network: id, ip_range: "10.0.2.0/24" })).toMatchObject({ ip: "10.0.2.1" });
  });

  test("only subnets of the server's zone count, and none of a vSwitch, at creation as well", async () => {
    const id = await network(cloud("10.0.1.0/24", "us-east"), {
      type: "vswitch",
      vswitch_id: 7,
      network_zone: "eu-central",
      ip_range: "10.0.3.0/24",
    });
    const { id: server } = await lab.server("s");
    expect(await join(server, { network: id })).toEqual([422, "no_subnet_available", undefined]);
    expect(await join(server, { network: id, ip: "10.0.1.7" })).toEqual([422, "no_subnet_available", undefined]);
    const order = { name: "t", server_type: "cx23", image: "debian-12", networks: [id] };
    expect((await lab.call("POST", "/servers", order)).body.error.code).toBe("no_subnet_available");
    await lab.done("POST", `/networks/${id}/actions/add_subnet`, cloud("10.0.2.0/24"));
    expect(await join(server, { network: id, ip: "10.0.1.7" })).toEqual([422, "ip_not_available", undefined]);
    expect(await join(server, { network: id })).toMatchObject({ ip: "10.0.2.1" });
    expect((await lab.server("t", { networks: [id] })).private_net[0].ip).toBe("10.0.2.2");
  });

  test("alias addresses are addresses, of the network, and nobody's; change_alias_ips the same", async () => {
    const id = await network(cloud("10.0.1.0/24"));
    const [{ id: a }, { id: b }] = [await lab.server("a"), await lab.server("b")];
    const taken = [422, "ip_not_available", undefined];
    expect(await join(a, { network: id, alias_ips: ["any text"] })).toEqual([422, "invalid_input", "alias_ips"]);
    expect(await join(a, { network: id, alias_ips: [7] })).toEqual([422, "invalid_input", "alias_ips"]);
    expect(await join(a, { network: id, alias_ips: ["10.0.7.7"] })).toEqual(taken);
    expect(await join(a, { network: id, alias_ips: ["10.0.1.7", "10.0.1.7"] })).toEqual(taken);
    expect(await join(a, { network: id, ip: "10.0.1.7", alias_ips: ["10.0.1.7"] })).toEqual(taken);
    expect(await join(a, { network: id, alias_ips: ["10.0.1.7"] })).toMatchObject({ alias_ips: ["10.0.1.7"] });
    expect(await join(b, { network: id, ip: "10.0.1.7" })).toEqual(taken);
    await join(b, { network: id });
    const change = async (server: number, alias_ips: unknown): Promise<Json> =>
      (await lab.call("POST", `/servers/${server}/actions/change_alias_ips`, { network: id, alias_ips })).body;
    expect((await change(b, ["10.0.1.7"])).error.code).toBe("ip_not_available");
    expect((await change(b, ["10.0.1.256"])).error.details.fields[0].name).toBe("alias_ips");
    const { action } = await change(a, ["10.0.1.7", "10.0.1.8"]);
    expect((await lab.ended(action.id)).status).toBe("success");
  });
});

describe("a server without any address", () => {
  const off = { enable_ipv4: false, enable_ipv6: false };
  const order = { name: "inner", server_type: "cx23", image: "debian-12", public_net: off };

  test("is made when it is not to start, and starts when it has joined a network", async () => {
    const refused = await lab.call("POST", "/servers", order);
    expect(refused.body.error.details.fields).toMatchObject([{ name: "public_net" }]);
    const { server, next_actions } = await lab.done("POST", "/servers", { ...order, start_after_create: false });
    expect(next_actions).toEqual([]);
    const path = `/servers/${server.id}`;
    for (const action of ["poweron", "reset", "reboot"]) {
      const { status, body } = await lab.call("POST", `${path}/actions/${action}`);
      expect([action, status, body.error.message]).toEqual([
        action,
        422,
        "a server needs a public address or a network to be switched on",
      ]);
    }
    await join(server.id, { network: await network(cloud("10.0.1.0/24")) });
    await lab.done("POST", `${path}/actions/poweron`);
    expect((await lab.call("GET", path)).body.server).toMatchObject({
      status: "running",
      public_net: { ipv4: null, ipv6: null },
      private_net: [{ ip: "10.0.1.1" }],
    });
  });

  test("stays off after change_type and rebuild", async () => {
    const { server } = await lab.done("POST", "/servers", { ...order, start_after_create: false });
    const path = `/servers/${server.id}`;
    await lab.done("POST", `${path}/actions/change_type`, { server_type: "cx33", upgrade_disk: false });
    await lab.done("POST", `${path}/actions/rebuild`, { image: "debian-12" });
    expect((await lab.call("GET", path)).body.server.status).toBe("off");
    expect(lab.backend.calls.filter((call) => call.startsWith("boot"))).toEqual([]);
  });
});

describe("primary addresses in an order", () => {
  const order = { name: "s", server_type: "cx23", image: "debian-12", location: "fsn1" };
  const primary = async (name: string, type: string, location: string): Promise<Json> =>
    (await lab.done("POST", "/primary_ips", { name, type, location })).primary_ip;

  test("of another family, another place, or assigned ones have codes of their own", async () => {
    const six = await primary("six", "ipv6", "fsn1");
    const far = await primary("far", "ipv4", "hel1");
    const used = await primary("used", "ipv4", "fsn1");
    await lab.done("POST", "/servers", { ...order, name: "other", public_net: { ipv4: used.id } });
    const refusal = async (public_net: object): Promise<unknown[]> => {
      const { status, body } = await lab.call("POST", "/servers", { ...order, public_net });
      return [status, body.error.code];
    };
    expect(await refusal({ ipv4: six.id })).toEqual([422, "primary_ip_version_mismatch"]);
    expect(await refusal({ ipv4: far.id })).toEqual([422, "primary_ip_datacenter_mismatch"]);
    expect(await refusal({ ipv4: used.id })).toEqual([422, "primary_ip_assigned"]);
    expect(await refusal({ ipv6: far.id })).toEqual([422, "primary_ip_version_mismatch"]);
    expect(await refusal({ ipv4: 1 })).toEqual([422, "invalid_input"]);
    expect((await lab.call("GET", "/servers?name=s")).body.servers).toEqual([]);
  });

  test("GET ?ip= finds an IPv6 one in any spelling, with its prefix, and by an address of it", async () => {
    const six = await primary("six", "ipv6", "fsn1");
    const four = await primary("four", "ipv4", "fsn1");
    const found = async (ip: string): Promise<number[]> =>
      (await lab.call("GET", `/primary_ips?ip=${encodeURIComponent(ip)}`)).body.primary_ips.map((row: Json) => row.id);
    expect(six.ip).toBe("2001:db8:1:1::/64");
    for (const ip of ["2001:db8:1:1::/64", "2001:db8:1:1::", "2001:0DB8:0001:0001::", "2001:db8:1:1::1"])
      expect([ip, await found(ip)]).toEqual([ip, [six.id]]);
    expect(await found(four.ip)).toEqual([four.id]);
    for (const ip of ["2001:db8:1:2::", "203.0.113.200", "no address"]) expect([ip, await found(ip)]).toEqual([ip, []]);
  });
});
