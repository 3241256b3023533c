import { connect } from "node:net";
import { TryApi, TOKEN } from "./try-api";
import type { Json } from "./json";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ lab";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

describe("access", () => {
  test("a wrong or short token is refused, with JSON and rate-limit headers", async () => {
    for (const token of ["x".repeat(64), TOKEN.slice(1), ""]) {
      const answer = await lab.call("GET", "/servers", undefined, token);
      expect([answer.status, answer.body.error.code]).toEqual([401, "unauthorized"]);
      expect(answer.headers.get("content-type")).toBe("application/json");
      expect(answer.headers.get("ratelimit-limit")).toBe("3600");
    }
  });

  test("createApi refuses a token that is not 64 characters long", async () => {
    await expect(TryApi.start({ token: "short" })).rejects.toThrow("the token has 5 characters, it needs 64");
  });

  test("paths that are no paths are answered too", async () => {
    for (const path of ["//", "///x", "/%ZZ", "/..//..", "?x=y"]) {
      expect([path, (await lab.call("GET", path)).status]).toEqual([path, 404]);
    }
    const { port } = new URL(lab.endpoint);
    const status = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => socket.write("GET // HTTP/1.1\r\nhost: x\r\n\r\n"));
      socket.once("data", (data) => {
        resolve(data.toString().slice(0, 12));
        socket.destroy();
      });
    });
    expect(status).toMatch(/^HTTP\/1.1 40[14]$/);
  });

  test("unknown routes, broken JSON, wrong methods and gone routes have Hetzner's error body", async () => {
    expect((await lab.call("GET", "/nothing")).body.error.code).toBe("not_found");
    expect((await lab.call("POST", "/servers", "{")).body.error.code).toBe("json_error");
    expect((await lab.call("PATCH", "/servers", {})).status).toBe(405);
    expect((await lab.call("GET", "/datacenters")).body.error.code).toBe("deprecated_api_endpoint");
    expect((await lab.call("GET", "/actions")).body.error.code).toBe("invalid_input");
  });
});

describe("servers", () => {
  test("life: initializing, off, starting, running; addresses of both families; gone with everything after DELETE", async () => {
    const { body, status } = await lab.call("POST", "/servers", {
      name: "host-1",
      server_type: "cx23",
      image: "debian-12",
      location: "nbg1",
      labels: { a: "b" },
    });
    expect(status).toBe(201);
    expect(body.server.status).toBe("initializing");
    expect(body.server.locked).toBe(true);
    expect(body.action.command).toBe("create_server");
    expect(body.next_actions.map((action: Json) => action.command)).toEqual(["start_server"]);
    expect((await lab.ended(body.action.id)).status).toBe("success");
    expect(["off", "starting"]).toContain((await lab.call("GET", `/servers/${body.server.id}`)).body.server.status);
    expect((await lab.ended(body.next_actions[0].id)).status).toBe("success");
    const { server } = (await lab.call("GET", `/servers/${body.server.id}`)).body;
    expect(server).toMatchObject({ status: "running", locked: false, location: { name: "nbg1" } });
    expect(server.public_net.ipv4.ip).toBe("203.0.113.2");
    expect(server.public_net.ipv6.ip).toBe("2001:db8:1:1::/64");
    expect(lab.backend.specs.get(server.id)?.macAddress).toMatch(/^96:00(:[0-9a-f]{2}){4}$/);
    expect((await lab.call("GET", "/primary_ips")).body.primary_ips).toHaveLength(2);

    const gone = await lab.call("DELETE", `/servers/${server.id}`);
    expect(gone.status).toBe(200);
    expect((await lab.call("GET", `/servers/${server.id}`)).body.server.status).toBe("deleting");
    await lab.ended(gone.body.action.id);
    expect((await lab.call("GET", `/servers/${server.id}`)).status).toBe(404);
    expect((await lab.call("GET", `/servers?name=${server.id}`)).body.servers).toEqual([]);
    expect((await lab.lab("GET", "/state")).body.empty).toBe(true);
  });

  test("the name is unique, and all wrong fields are named at once", async () => {
    await lab.server("twin");
    const twice = await lab.call("POST", "/servers", { name: "twin", server_type: "cx23", image: "debian-12" });
    expect([twice.status, twice.body.error.code]).toEqual([409, "uniqueness_error"]);
    const wrong = await lab.call("POST", "/servers", {
      name: "no_good",
      server_type: "cx1",
      image: 7,
      location: "mars",
      ssh_keys: ["nobody"],
      user_data: "x".repeat(32769),
      labels: { "hetzner.cloud/x": "y" },
    });
    expect(wrong.status).toBe(422);
    expect(wrong.body.error.details.fields.map((field: Json) => field.name).sort()).toEqual(
      ["image", "labels", "location", "name", "server_type", "ssh_keys", "user_data"].sort(),
    );
  });

  test("architecture decides the image, and has to fit", async () => {
    const arm = await lab.server("arm", { server_type: "cax11" });
    expect(arm.image.architecture).toBe("arm");
    const { images } = (await lab.call("GET", "/images?architecture=x86&include_deprecated=true&name=debian-12")).body;
    const mixed = await lab.call("POST", "/servers", { name: "mix", server_type: "cax11", image: images[0].id });
    expect(mixed.body.error.details.fields[0].name).toBe("image");
  });

  test("a second action is locked out while one runs, DELETE and an address included", async () => {
    await lab.lab("PATCH", "/options", { actionDelayMs: 150 });
    const server = await lab.server("busy");
    const { floating_ip: fip } = await lab.done("POST", "/floating_ips", { type: "ipv4", home_location: "fsn1" });
    const first = await lab.call("POST", `/servers/${server.id}/actions/reset`);
    for (const [method, path, body] of [
      ["POST", `/servers/${server.id}/actions/poweroff`, undefined],
      ["DELETE", `/servers/${server.id}`, undefined],
      ["POST", `/floating_ips/${fip.id}/actions/assign`, { server: server.id }],
    ] as const) {
      const refused = await lab.call(method, path, body);
      expect([refused.status, refused.body.error.code]).toEqual([423, "locked"]);
    }
    await lab.ended(first.body.action.id);
    await lab.done("DELETE", `/servers/${server.id}`);
  });

  test("shutdown succeeds at once and the server turns off later; poweroff and poweron at once", async () => {
    const server = await lab.server("sleepy");
    const path = `/servers/${server.id}`;
    await lab.done("POST", `${path}/actions/shutdown`);
    expect((await lab.call("GET", path)).body.server.status).toBe("stopping");
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect((await lab.call("GET", path)).body.server.status).toBe("off");
    await lab.done("POST", `${path}/actions/poweron`);
    expect((await lab.call("GET", path)).body.server.status).toBe("running");
    await lab.done("POST", `${path}/actions/poweroff`);
    expect((await lab.call("GET", path)).body.server.status).toBe("off");
  });

  test("a guest that turned itself off shows as off, and as running when it came back", async () => {
    const server = await lab.server("own-will");
    lab.backend.running.delete(server.id);
    expect((await lab.call("GET", "/servers?name=own-will")).body.servers[0].status).toBe("off");
    lab.backend.running.add(server.id);
    expect((await lab.call("GET", `/servers/${server.id}`)).body.server.status).toBe("running");
  });

  test("reboot is gentle, and cuts the power of a guest that does not listen", async () => {
    const server = await lab.server("stubborn");
    await lab.done("POST", `/servers/${server.id}/actions/reboot`);
    expect(lab.backend.calls.slice(-2)).toEqual([`shutdown ${server.id}`, `boot ${server.id}`]);
    lab.backend.obedient = false;
    await lab.lab("PATCH", "/options", { rebootGraceMs: 10 });
    await lab.done("POST", `/servers/${server.id}/actions/reboot`);
    expect(lab.backend.calls.slice(-3)).toEqual(["shutdown", "kill", "boot"].map((call) => `${call} ${server.id}`));
  });

  test("rebuild keeps id and addresses; change_type needs off and starts the server again; a smaller disk is refused", async () => {
    const server = await lab.server("grow");
    const path = `/servers/${server.id}/actions`;
    await lab.done("POST", `${path}/rebuild`, { image: "debian-12-static" });
    expect(lab.backend.specs.get(server.id)).toMatchObject({ image: "debian-12-static", ipv4: "203.0.113.2" });
    const refused = await lab.call("POST", `${path}/change_type`, { server_type: "cx33", upgrade_disk: true });
    expect(refused.body.error.code).toBe("server_not_stopped");
    await lab.done("POST", `${path}/poweroff`);
    await lab.done("POST", `${path}/change_type`, { server_type: "cx33", upgrade_disk: true });
    const grown = (await lab.call("GET", `/servers/${server.id}`)).body.server;
    expect(grown).toMatchObject({ status: "running", primary_disk_size: 80, server_type: { name: "cx33" } });
    await lab.done("POST", `${path}/poweroff`);
    const smaller = await lab.call("POST", `${path}/change_type`, { server_type: "cx23", upgrade_disk: false });
    expect(smaller.body.error.details.fields[0].name).toBe("server_type");
  });

  test("protection keeps DELETE and rebuild away", async () => {
    const server = await lab.server("safe");
    await lab.done("POST", `/servers/${server.id}/actions/change_protection`, { delete: true, rebuild: true });
    expect((await lab.call("DELETE", `/servers/${server.id}`)).body.error.code).toBe("protected");
    const rebuild = await lab.call("POST", `/servers/${server.id}/actions/rebuild`, { image: "debian-12" });
    expect(rebuild.body.error.code).toBe("protected");
  });

  test("a family that is off is null, and no family and no network at all is refused", async () => {
    const off = { enable_ipv4: false, enable_ipv6: true };
    expect((await lab.server("six", { public_net: off })).public_net.ipv4).toBeNull();
    const none = { name: "none", server_type: "cx23", image: "debian-12", public_net: { ...off, enable_ipv6: false } };
    expect((await lab.call("POST", "/servers", none)).body.error.details.fields[0].name).toBe("public_net");
  });

  test("what the backend rejects becomes an action's error, and the server can still be deleted", async () => {
    lab.backend.broken.add("create");
    const { body } = await lab.call("POST", "/servers", { name: "poor", server_type: "cx23", image: "debian-12" });
    const failed = await lab.ended(body.action.id);
    expect(failed).toMatchObject({
      status: "error",
      error: { code: "action_failed", message: "create does not work" },
    });
    expect((await lab.ended(body.next_actions[0].id)).status).toBe("error");
    await lab.done("DELETE", `/servers/${body.server.id}`);
  });

  test("keys are taken at creation; deleting the key leaves the server alone", async () => {
    const { ssh_key: key } = await lab.done("POST", "/ssh_keys", { name: "k", public_key: KEY, labels: {} });
    expect(key.fingerprint).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
    const server = await lab.server("keyed", { ssh_keys: [key.id] });
    await lab.done("DELETE", `/ssh_keys/${key.id}`);
    expect(lab.backend.specs.get(server.id)?.sshKeys).toEqual([KEY]);
  });
});

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
