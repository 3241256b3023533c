import { TryApi } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

describe("firewalls and networks", () => {
  test("a firewall in use stays; a label selector covers its servers; the server's deletion frees it", async () => {
    const server = await lab.server("walled", { labels: { role: "web" } });
    const rules = [{ direction: "in", protocol: "tcp", port: "22", source_ips: ["0.0.0.0/0", "::/0"] }];
    const apply = [{ type: "server", server: { id: server.id } }];
    const { firewall, actions } = await lab.done("POST", "/firewalls", { name: "f", rules, apply_to: apply });
    expect(actions).toHaveLength(1);
    const inUse = await lab.call("DELETE", `/firewalls/${firewall.id}`);
    expect([inUse.status, inUse.body.error.code]).toEqual([422, "resource_in_use"]);
    await lab.done("DELETE", `/servers/${server.id}`);
    expect((await lab.call("DELETE", `/firewalls/${firewall.id}`)).status).toBe(204);

    const other = await lab.server("labelled", { labels: { role: "web" } });
    const selector = [{ type: "label_selector", label_selector: { selector: "role=web" } }];
    const made = await lab.done("POST", "/firewalls", { name: "g", rules, apply_to: selector });
    const shown = (await lab.call("GET", `/servers/${other.id}`)).body.server.public_net.firewalls;
    expect(shown).toEqual([{ id: made.firewall.id, status: "applied" }]);
    const wrong = await lab.call("POST", `/firewalls/${made.firewall.id}/actions/set_rules`, {
      rules: [{ direction: "in", protocol: "icmp", port: "1", source_ips: ["10.0.0.1/8"] }],
    });
    expect(wrong.body.error.code).toBe("invalid_input");
  });

  test("networks: the first address is the gateway's; a subnet with servers cannot go", async () => {
    const { network } = await lab.done("POST", "/networks", { name: "n", ip_range: "10.0.0.0/16" });
    const server = await lab.server("inner");
    const join = `/servers/${server.id}/actions/attach_to_network`;
    expect((await lab.call("POST", join, { network: network.id })).body.error.code).toBe("no_subnet_available");
    const subnet = { type: "cloud", network_zone: "eu-central", ip_range: "10.0.0.0/24" };
    await lab.done("POST", `/networks/${network.id}/actions/add_subnet`, subnet);
    await lab.done("POST", join, { network: network.id });
    const inside = (await lab.call("GET", `/servers/${server.id}`)).body.server.private_net;
    expect(inside).toMatchObject([{ network: network.id, ip: "10.0.0.2" }]);
    expect(inside[0].mac_address).toMatch(/^86:00:/);
    expect((await lab.call("POST", join, { network: network.id })).body.error.code).toBe("server_already_attached");
    const drop = { ip_range: "10.0.0.0/24" };
    const attached = await lab.call("POST", `/networks/${network.id}/actions/delete_subnet`, drop);
    expect(attached.body.error.message).toContain("servers are attached");
    await lab.done("POST", `/servers/${server.id}/actions/detach_from_network`, { network: network.id });
    await lab.done("POST", `/networks/${network.id}/actions/delete_subnet`, drop);
    expect((await lab.call("DELETE", `/networks/${network.id}`)).status).toBe(204);
  });
});

describe("lists", () => {
  test("pages of two, followed by next_page, hold every row once", async () => {
    const ids: number[] = [];
    for (const n of [1, 2, 3, 4, 5]) {
      const fip = await lab.done("POST", "/floating_ips", {
        type: "ipv4",
        home_location: "fsn1",
        labels: { n: `v${n}` },
      });
      ids.push(fip.floating_ip.id);
    }
    await lab.lab("PATCH", "/options", { maxPerPage: 2 });
    const found: number[] = [];
    for (let page: number | null = 1; page !== null;) {
      const { body } = await lab.call("GET", `/floating_ips?page=${page}&per_page=50&sort=id:desc`);
      expect(body.meta.pagination).toMatchObject({ page, per_page: 2, last_page: 3, total_entries: 5 });
      found.push(...body.floating_ips.map((fip: Json) => fip.id));
      page = body.meta.pagination.next_page;
    }
    expect(found).toEqual([...ids].reverse());
  });

  test.each([
    ["n", 3],
    ["!n", 1],
    ["n=v1", 1],
    ["n==v1", 1],
    ["n!=v1", 3],
    ["n in (v1,v2)", 2],
    ["n notin (v1, v2)", 2],
    ["n,n!=v3", 2],
  ])("label_selector %s finds %d of four", async (selector, count) => {
    for (const labels of [{ n: "v1" }, { n: "v2" }, { n: "v3" }, {}]) {
      await lab.done("POST", "/floating_ips", { type: "ipv6", home_location: "fsn1", labels });
    }
    const { body } = await lab.call("GET", `/floating_ips?label_selector=${encodeURIComponent(selector)}`);
    expect(body.floating_ips).toHaveLength(count);
  });

  test("a selector, a page or an order that cannot be read is invalid_input", async () => {
    for (const query of ["label_selector=a%20b%20c", "page=0", "sort=colour"]) {
      expect((await lab.call("GET", `/servers?${query}`)).body.error.code).toBe("invalid_input");
    }
  });
});
