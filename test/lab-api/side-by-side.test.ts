import { TryApi } from "./try-api";
import { HeldClock } from "./held-clock";
import type { Json } from "./json";

let lab: TryApi;
let clock: HeldClock;
beforeEach(async () => {
  clock = new HeldClock();
  lab = await TryApi.start({ clock });
});
afterEach(() => lab.api.close());

const code = (answer: { body: Json }): string | undefined => answer.body?.error?.code;

/** Sends the others while the actions of the first are under way; the codes of those that were refused. */
async function atOnce(...requests: [method: string, path: string, body?: object][]): Promise<(string | undefined)[]> {
  clock.hold();
  const answers = [];
  for (const request of requests) answers.push(await lab.call(...request));
  clock.release();
  for (const { body } of answers)
    for (const action of [body?.action, ...(body?.actions ?? [])]) if (action) await lab.ended(action.id);
  return answers.map(code);
}

describe("changes of one network or load balancer at once", () => {
  test("are answered with conflict, which clients retry, whichever they are", async () => {
    const { network } = await lab.done("POST", "/networks", { name: "n", ip_range: "10.0.0.0/16" });
    const path = `/networks/${network.id}`;
    const subnet = (n: number): [string, string, object] => [
      "POST",
      `${path}/actions/add_subnet`,
      { type: "cloud", network_zone: "eu-central", ip_range: `10.0.${n}.0/24` },
    ];
    expect(await atOnce(subnet(1), subnet(2), subnet(3))).toEqual([undefined, "conflict", "conflict"]);
    expect(
      await atOnce(
        ["POST", `${path}/actions/add_route`, { destination: "10.100.0.0/16", gateway: "10.0.1.9" }],
        ["PUT", path, { name: "m" }],
        ["DELETE", path],
        ["POST", `${path}/actions/change_ip_range`, { ip_range: "10.0.0.0/15" }],
      ),
    ).toEqual([undefined, "conflict", "conflict", "conflict"]);
    expect((await lab.call("PUT", path, { name: "m" })).status).toBe(200);
  });

  test.each([
    ["firewalls", { name: "f" }, "set_rules", { rules: [] }],
    ["primary_ips", { name: "p", type: "ipv4", location: "fsn1" }, "change_protection", { delete: false }],
  ])("a PUT of %s meets conflict too, while an action changes the same one", async (kind, order, action, body) => {
    const made = await lab.done("POST", `/${kind}`, order);
    const { id } = made.firewall ?? made.primary_ip;
    const put: [string, string, object] = ["PUT", `/${kind}/${id}`, { name: "other" }];
    expect(await atOnce(["POST", `/${kind}/${id}/actions/${action}`, body], put)).toEqual([undefined, "conflict"]);
    expect(await atOnce(put)).toEqual([undefined]);
  });

  test("a load balancer's services at once are answered so too", async () => {
    const order = { name: "lb", load_balancer_type: "lb11", location: "fsn1" };
    const { load_balancer } = await lab.done("POST", "/load_balancers", order);
    const path = `/load_balancers/${load_balancer.id}`;
    const service = (port: number): [string, string, object] => [
      "POST",
      `${path}/actions/add_service`,
      { protocol: "tcp", listen_port: port, destination_port: port },
    ];
    expect(await atOnce(service(1), service(2), ["PUT", path, { name: "m" }], ["DELETE", path])).toEqual([
      undefined,
      "conflict",
      "conflict",
      "conflict",
    ]);
  });

  test("two servers that join at once get two addresses", async () => {
    const subnets = [{ type: "cloud", network_zone: "eu-central", ip_range: "10.0.0.0/24" }];
    const { network } = await lab.done("POST", "/networks", { name: "n", ip_range: "10.0.0.0/16", subnets });
    const servers = [await lab.server("a"), await lab.server("b")];
    const join = servers.map(({ id }): [string, string, object] => [
      "POST",
      `/servers/${id}/actions/attach_to_network`,
      { network: network.id },
    ]);
    expect(await atOnce(...join)).toEqual([undefined, undefined]);
    const { body } = await lab.call("GET", "/servers");
    expect(body.servers.map((server: Json) => server.private_net[0].ip).sort()).toEqual(["10.0.0.2", "10.0.0.3"]);
  });
});

describe("reverse DNS at once", () => {
  test("both families of one server, also while an action locks it", async () => {
    const server = await lab.server("named");
    const { ipv4, ipv6 } = server.public_net;
    const six = ipv6.ip.replace("/64", "1");
    const set = (ip: string): [string, string, object] => [
      "POST",
      `/servers/${server.id}/actions/change_dns_ptr`,
      { ip, dns_ptr: "name.example.org" },
    ];
    const reset: [string, string] = ["POST", `/servers/${server.id}/actions/reset`];
    expect(await atOnce(reset, set(ipv4.ip), set(six))).toEqual([undefined, undefined, undefined]);
    const shown = (await lab.call("GET", `/servers/${server.id}`)).body.server.public_net;
    expect(shown.ipv4.dns_ptr).toBe("name.example.org");
    expect(shown.ipv6.dns_ptr).toEqual([{ ip: six, dns_ptr: "name.example.org" }]);
  });

  test.each(["floating_ip", "primary_ip"])("two addresses of the /64 of one %s", async (type) => {
    const place = type === "floating_ip" ? { home_location: "fsn1" } : { location: "fsn1" };
    const made = await lab.done("POST", `/${type}s`, { name: "six", type: "ipv6", ...place });
    const { id, ip } = made[type];
    const [a, b] = [ip.replace("/64", "a"), ip.replace("/64", "b")];
    const set = (address: string): [string, string, object] => [
      "POST",
      `/${type}s/${id}/actions/change_dns_ptr`,
      { ip: address, dns_ptr: "name.example.org" },
    ];
    expect(await atOnce(set(a), set(b))).toEqual([undefined, undefined]);
    const shown = (await lab.call("GET", `/${type}s/${id}`)).body[type].dns_ptr;
    expect(shown.map((entry: Json) => entry.ip).sort()).toEqual([a, b]);
  });
});
