import { TryApi } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

const to = (id: number): object => ({ type: "server", server: { id } });
const byLabel = (selector: string): object => ({ type: "label_selector", label_selector: { selector } });
const refusal = ({ status, body }: { status: number; body: Json }): unknown[] => [status, body.error?.code];

async function firewall(name: string, more: object = {}): Promise<number> {
  return (await lab.done("POST", "/firewalls", { name, ...more })).firewall.id;
}

describe("targets of a firewall", () => {
  test("a server that is gone is firewall_resource_not_found: 404 of an action, 422 of a creation", async () => {
    const id = await firewall("f");
    const { id: gone } = await lab.server("gone");
    await lab.done("DELETE", `/servers/${gone}`);
    const path = `/firewalls/${id}/actions`;
    const remove = { remove_from: [to(gone)] };
    expect(refusal(await lab.call("POST", `${path}/apply_to_resources`, { apply_to: [to(gone)] }))).toEqual([
      404,
      "firewall_resource_not_found",
    ]);
    expect(refusal(await lab.call("POST", `${path}/remove_from_resources`, remove))).toEqual([
      404,
      "firewall_resource_not_found",
    ]);
    expect(refusal(await lab.call("POST", "/firewalls", { name: "g", apply_to: [to(gone)] }))).toEqual([
      422,
      "firewall_resource_not_found",
    ]);
  });

  test("the same server twice, and one without a public interface", async () => {
    const { id } = await lab.server("s");
    const off = { enable_ipv4: false, enable_ipv6: false };
    const { id: inner } = await lab.server("inner", { public_net: off, start_after_create: false });
    const { id: fw } = { id: await firewall("f") };
    const create = (apply_to: object[]) => lab.call("POST", "/firewalls", { name: "g", apply_to });
    const apply = (apply_to: object[]) => lab.call("POST", `/firewalls/${fw}/actions/apply_to_resources`, { apply_to });
    expect(refusal(await create([to(id), to(id)]))).toEqual([422, "server_already_added"]);
    expect(refusal(await create([to(inner)]))).toEqual([422, "incompatible_network_type"]);
    expect(refusal(await apply([to(id), to(id)]))).toEqual([422, "firewall_already_applied"]);
    expect(refusal(await apply([to(inner)]))).toEqual([422, "private_net_only_server"]);
  });

  test("what a label covers cannot be taken away by id; what is not covered can", async () => {
    const { id } = await lab.server("s", { labels: { role: "web" } });
    const fw = await firewall("f", { apply_to: [byLabel("role=web")] });
    const path = `/firewalls/${fw}/actions/remove_from_resources`;
    expect(refusal(await lab.call("POST", path, { remove_from: [to(id)] }))).toEqual([
      422,
      "firewall_managed_by_label_selector",
    ]);
    await lab.done("POST", path, { remove_from: [byLabel("role=web")] });
    await lab.done("POST", path, { remove_from: [to(id)] });
  });

  test("five firewalls cover a server, a sixth does not: by id, by label, at creation", async () => {
    const { id } = await lab.server("s", { labels: { role: "web" } });
    const ids = [];
    for (const n of [1, 2, 3, 4]) ids.push(await firewall(`f${n}`, { apply_to: [to(id)] }));
    ids.push(await firewall("f5", { apply_to: [byLabel("role=web")] }));
    const six = await firewall("f6");
    const path = `/firewalls/${six}/actions/apply_to_resources`;
    for (const target of [to(id), byLabel("role")])
      expect(refusal(await lab.call("POST", path, { apply_to: [target] }))).toEqual([403, "resource_limit_exceeded"]);
    const firewalls = [...ids, six].map((number) => ({ firewall: number }));
    const order = { name: "t", server_type: "cx23", image: "debian-12", firewalls };
    expect(refusal(await lab.call("POST", "/servers", order))).toEqual([403, "resource_limit_exceeded"]);
    await lab.done("POST", "/servers", { ...order, firewalls: firewalls.slice(1) });
  });
});

describe("rules of a firewall", () => {
  const rule = { direction: "in", protocol: "tcp", port: "22", source_ips: ["0.0.0.0/0", "::/0"] };
  const many = (n: number): string[] => Array.from({ length: n }, (_, index) => `10.0.${index >> 8}.${index & 255}/32`);

  test.each([
    ["a port beyond 65535", [{ ...rule, port: "99999" }], "rules.0"],
    ["port 0", [{ ...rule, port: "0" }], "rules.0"],
    ["a range that runs backwards", [{ ...rule, port: "90-80" }], "rules.0"],
    ["a range that ends beyond 65535", [{ ...rule, port: "80-70000" }], "rules.0"],
    ["a port that is a number", [{ ...rule, port: 22 }], "rules.0"],
    ["tcp without a port", [{ ...rule, port: null }], "rules.0"],
    ["icmp with one", [{ ...rule, protocol: "icmp" }], "rules.0"],
    ["101 networks", [{ ...rule, source_ips: many(101) }], "rules.0"],
    ["destinations of a rule for the way in", [{ ...rule, destination_ips: ["10.0.0.0/8"] }], "rules.0"],
    ["host bits", [{ ...rule, source_ips: ["10.0.0.1/8"] }], "rules.0"],
    ["a description of 256 characters", [{ ...rule, description: "x".repeat(256) }], "rules.0"],
    ["no direction", [rule, { ...rule, direction: undefined }], "rules.1"],
    ["an unknown protocol", [{ ...rule, protocol: "sctp" }], "rules.0"],
    ["51 rules", Array.from({ length: 51 }, () => rule), "rules"],
    ["501 effective rules", Array.from({ length: 6 }, () => ({ ...rule, source_ips: many(84) })), "rules"],
    ["a rule that is none", ["tcp"], "rules"],
  ])("%s is refused by POST and by set_rules", async (_what, rules, field) => {
    const id = await firewall("f");
    for (const [path, body] of [
      ["/firewalls", { name: "g", rules }],
      [`/firewalls/${id}/actions/set_rules`, { rules }],
    ] as const) {
      const answer = await lab.call("POST", path, body);
      expect(refusal(answer)).toEqual([422, "invalid_input"]);
      expect(answer.body.error.details.fields[0].name).toBe(field);
    }
  });

  test("what is just allowed is taken", async () => {
    const rules = [
      { ...rule, port: "1-65535", source_ips: many(100), description: "x".repeat(255) },
      { direction: "out", protocol: "udp", port: "any", destination_ips: ["2001:db8::/32"], source_ips: [] },
      ...Array.from({ length: 48 }, () => rule),
    ];
    const id = await firewall("f", { rules });
    expect((await lab.call("GET", `/firewalls/${id}`)).body.firewall.rules).toHaveLength(50);
  });
});
