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
    await lab.lab("PATCH", "/options", { actionDelayMs: 300 });
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

  test("a host of the plain LAN has no address of the provider, any other server has one", async () => {
    const none = { enable_ipv4: false, enable_ipv6: false };
    const order = (image: string, public_net?: object): Promise<Json> =>
      lab.call("POST", "/servers", { name: "lan", server_type: "cx23", image, public_net });
    for (const refused of [await order("debian-12-lan"), await order("debian-12", none)])
      expect(refused.body.error.details.fields[0].name).toBe("public_net");
    const { body } = await order("debian-12-lan", none);
    expect(body.server.public_net).toMatchObject({ ipv4: null, ipv6: null });
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
