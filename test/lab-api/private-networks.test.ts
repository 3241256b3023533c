import { TryApi } from "./try-api";

/** What the API tells the machine below it of networks. */
describe("private networks and the backend", () => {
  let api: TryApi;
  let network: number;
  let server: number;
  const told = () => api.backend.networks.get(network);

  beforeEach(async () => {
    api = await TryApi.start();
    const subnets = [{ type: "cloud", network_zone: "eu-central", ip_range: "10.0.1.0/24" }];
    const { body } = await api.call("POST", "/networks", { name: "n", ip_range: "10.0.0.0/16", subnets });
    network = body.network.id;
    server = (await api.server("one", { networks: [network] })).id;
  });
  afterEach(() => api.api.close());

  test("a server that is ordered in a network is on it before it boots", () => {
    const [member] = told()?.members ?? [];
    expect(member).toMatchObject({ server, ip: "10.0.1.1", aliasIps: [], subnet: "10.0.1.0/24" });
    expect(member?.macAddress).toMatch(/^86:00:/);
    const calls = api.backend.calls.filter((call) => /create|network|boot/.test(call));
    expect(calls).toEqual([`create ${server}`, `network ${network}`, `boot ${server}`]);
  });

  test("routes, aliases, and who joins and leaves are told before the action ends", async () => {
    await api.done("POST", `/networks/${network}/actions/add_route`, { destination: "10.0.9.0/24", gateway: "10.0.1.1" });
    await api.done("POST", `/servers/${server}/actions/change_alias_ips`, { network, alias_ips: ["10.0.1.9"] });
    expect(told()).toMatchObject({
      ipRange: "10.0.0.0/16",
      routes: [{ destination: "10.0.9.0/24", gateway: "10.0.1.1" }],
      members: [{ aliasIps: ["10.0.1.9"] }],
    });
    await api.done("POST", `/servers/${server}/actions/detach_from_network`, { network });
    expect(told()?.members).toEqual([]);
    await api.done("POST", `/servers/${server}/actions/attach_to_network`, { network, ip: "10.0.1.7" });
    expect(told()?.members).toMatchObject([{ server, ip: "10.0.1.7" }]);
  }); // prettier-ignore

  test("what cannot be plugged in makes the action fail", async () => {
    api.backend.broken.add("network");
    await expect(api.done("POST", `/servers/${server}/actions/detach_from_network`, { network })).rejects.toThrow();
  });

  test("a deleted server leaves, and a deleted network goes", async () => {
    await api.done("DELETE", `/servers/${server}`);
    expect(told()?.members).toEqual([]);
    expect((await api.call("DELETE", `/networks/${network}`)).status).toBe(204);
    expect(told()).toBeUndefined();
  });
});
