import { TryApi } from "./try-api";
import type { Json } from "./json";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ lab";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

describe("ssh keys", () => {
  test("name and key are unique, and the key has to be one", async () => {
    await lab.done("POST", "/ssh_keys", { name: "k", public_key: KEY });
    expect((await lab.call("POST", "/ssh_keys", { name: "other", public_key: KEY })).body.error.code).toBe(
      "uniqueness_error",
    );
    const wrong = await lab.call("POST", "/ssh_keys", { name: "w", public_key: "ssh-ed25519 AAAA" });
    expect(wrong.body.error.details.fields[0].name).toBe("public_key");
  });
});

describe("floating IPs", () => {
  test("assign, move, unassign; the route stands when the action has succeeded", async () => {
    const [a, b] = [await lab.server("a"), await lab.server("b")];
    for (const [type, prefix] of [
      ["ipv4", "198.51.100.1/32"],
      ["ipv6", "2001:db8:f:1::/64"],
    ] as const) {
      const { floating_ip: fip } = await lab.done("POST", "/floating_ips", { type, home_location: "fsn1", name: type });
      const path = `/floating_ips/${fip.id}`;
      await lab.done("POST", `${path}/actions/assign`, { server: a.id });
      expect(lab.backend.routes.get(prefix)).toBe(a.id);
      await lab.done("POST", `${path}/actions/assign`, { server: b.id });
      expect(lab.backend.routes.get(prefix)).toBe(b.id);
      expect((await lab.call("GET", `/servers/${b.id}`)).body.server.public_net.floating_ips).toContain(fip.id);
      const refused = await lab.call("DELETE", path);
      expect([refused.status, refused.body.error.code]).toEqual([422, "must_be_unassigned"]);
      await lab.done("POST", `${path}/actions/unassign`, {});
      expect(lab.backend.routes.has(prefix)).toBe(false);
      expect((await lab.call("DELETE", path)).status).toBe(204);
    }
  });

  test("the server's deletion unassigns; a refused move leaves the address where it is", async () => {
    const server = await lab.server("short-lived");
    const { floating_ip: fip } = await lab.done("POST", "/floating_ips", { type: "ipv4", server: server.id });
    lab.backend.broken.add("route");
    const { body } = await lab.call("POST", `/floating_ips/${fip.id}/actions/unassign`);
    expect((await lab.ended(body.action.id)).error.message).toBe("route does not work");
    expect((await lab.call("GET", `/floating_ips/${fip.id}`)).body.floating_ip.server).toBe(server.id);
    lab.backend.broken.clear();
    await lab.done("DELETE", `/servers/${server.id}`);
    expect((await lab.call("GET", `/floating_ips/${fip.id}`)).body.floating_ip.server).toBeNull();
    expect(lab.backend.routes.size).toBe(0);
  });

  test("strict assignment and the need of a primary IP are switches", async () => {
    const server = await lab.server("four", { public_net: { enable_ipv4: true, enable_ipv6: false } });
    const six = await lab.call("POST", "/floating_ips", { type: "ipv6", server: server.id });
    expect(six.body.error.code).toBe("invalid_input");
    await lab.lab("PATCH", "/options", { floatingNeedsPrimary: false, strictAssign: true });
    const { floating_ip: fip } = await lab.done("POST", "/floating_ips", { type: "ipv6", server: server.id });
    const again = await lab.call("POST", `/floating_ips/${fip.id}/actions/assign`, { server: server.id });
    expect(again.body.error.code).toBe("floating_ip_assigned");
  });

  test("reverse DNS: set, another spelling of the address, reset", async () => {
    const make = async (type: string) =>
      (await lab.done("POST", "/floating_ips", { type, home_location: "hel1" })).floating_ip;
    const [four, six] = [await make("ipv4"), await make("ipv6")];
    expect(four.dns_ptr[0].dns_ptr).toContain("clients.your-server.de");
    const change = (fip: Json, ip: string, name: string | null) =>
      lab.done("POST", `/floating_ips/${fip.id}/actions/change_dns_ptr`, { ip, dns_ptr: name });
    const shown = async (fip: Json) => (await lab.call("GET", `/floating_ips/${fip.id}`)).body.floating_ip.dns_ptr;
    await change(four, four.ip, "four.example.org");
    expect(await shown(four)).toEqual([{ ip: four.ip, dns_ptr: "four.example.org" }]);
    await change(four, four.ip, null);
    expect((await shown(four))[0].dns_ptr).toContain("clients.your-server.de");
    await change(six, "2001:0db8:000f:0001::0007", "six.example.org");
    expect(await shown(six)).toEqual([{ ip: "2001:db8:f:1::7", dns_ptr: "six.example.org" }]);
    await change(six, "2001:db8:f:1::7", null);
    expect(await shown(six)).toEqual([]);
    const foreign = await lab.call("POST", `/floating_ips/${six.id}/actions/change_dns_ptr`, {
      ip: "2001:db8:e::1",
      dns_ptr: "x.y",
    });
    expect(foreign.body.error.details.fields[0].name).toBe("ip");
  });
});

describe("primary IPs", () => {
  test("assignment needs the server off and its family free; auto_delete decides who stays", async () => {
    const create = { name: "kept", type: "ipv4", location: "fsn1", auto_delete: false, labels: {} };
    const { primary_ip: kept } = await lab.done("POST", "/primary_ips", create);
    const server = await lab.server("own", { public_net: { enable_ipv4: true, enable_ipv6: false, ipv4: kept.id } });
    expect(server.public_net.ipv4).toMatchObject({ id: kept.id, ip: kept.ip });
    expect((await lab.call("DELETE", `/primary_ips/${kept.id}`)).body.error.code).toBe("must_be_unassigned");
    const unassign = `/primary_ips/${kept.id}/actions/unassign`;
    expect((await lab.call("POST", unassign)).body.error.code).toBe("server_not_stopped");
    await lab.done("POST", `/servers/${server.id}/actions/poweroff`);
    const second = await lab.call("POST", "/primary_ips", {
      name: "second",
      type: "ipv4",
      assignee_id: server.id,
      assignee_type: "server",
    });
    expect(second.body.error.code).toBe("server_has_ipv4");
    await lab.done("POST", unassign);
    await lab.done("POST", `/primary_ips/${kept.id}/actions/assign`, {
      assignee_id: server.id,
      assignee_type: "server",
    });
    await lab.done("DELETE", `/servers/${server.id}`);
    const left = (await lab.call("GET", `/primary_ips?ip=${kept.ip}`)).body.primary_ips;
    expect(left).toMatchObject([{ id: kept.id, assignee_id: null }]);
    expect((await lab.call("DELETE", `/primary_ips/${kept.id}`)).status).toBe(204);
  });
});
