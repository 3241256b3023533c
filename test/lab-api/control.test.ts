import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TryApi, TOKEN } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
afterEach(() => lab.api.close());

const FIP = { type: "ipv4", home_location: "fsn1" };

describe("faults", () => {
  beforeEach(async () => {
    lab = await TryApi.start();
  });

  test("a status with a code hits the given number of matching requests only", async () => {
    const fault = { match: { method: "POST", path: "/floating_ips" }, times: 2, status: 409, code: "conflict" };
    expect((await lab.lab("POST", "/faults", fault)).status).toBe(201);
    expect((await lab.call("GET", "/floating_ips")).status).toBe(200);
    for (const expected of [409, 409, 201])
      expect((await lab.call("POST", "/floating_ips", FIP)).status).toBe(expected);
    expect((await lab.call("GET", "/floating_ips")).body.floating_ips).toHaveLength(1);
  });

  test("a status without a code has no body", async () => {
    await lab.lab("POST", "/faults", { match: { path: "/servers/**" }, status: 502 });
    const answer = await lab.call("GET", "/servers/1/actions/2");
    expect([answer.status, answer.body]).toEqual([502, undefined]);
  });

  test("actionError lets the action fail after 201, and leaves things as they were", async () => {
    const server = await lab.server("s");
    const { floating_ip: fip } = await lab.done("POST", "/floating_ips", FIP);
    await lab.lab("POST", "/faults", {
      match: { path: "/floating_ips/*/actions/assign" },
      actionError: "server_locked",
    });
    const answer = await lab.call("POST", `/floating_ips/${fip.id}/actions/assign`, { server: server.id });
    expect(answer.status).toBe(201);
    expect((await lab.ended(answer.body.action.id)).error.code).toBe("server_locked");
    expect((await lab.call("GET", `/floating_ips/${fip.id}`)).body.floating_ip.server).toBeNull();
    expect(lab.backend.routes.size).toBe(0);
  });

  test("actionError of one command spares the others", async () => {
    const actionError = { code: "action_failed", message: "no power", command: "start_server" };
    await lab.lab("POST", "/faults", { match: { path: "/v1/servers" }, actionError });
    const { body } = await lab.call("POST", "/servers", { name: "s", server_type: "cx23", image: "debian-12" });
    expect((await lab.ended(body.action.id)).status).toBe("success");
    expect((await lab.ended(body.next_actions[0].id)).error.message).toBe("no power");
    expect((await lab.call("GET", `/servers/${body.server.id}`)).body.server.status).toBe("off");
  });

  test("drop closes the connection before or after the work; delayMs holds the answer back", async () => {
    await lab.lab("POST", "/faults", { match: { path: "/floating_ips" }, drop: true });
    await expect(lab.call("POST", "/floating_ips", FIP)).rejects.toThrow();
    expect((await lab.lab("GET", "/state")).body.floating_ips).toHaveLength(0);
    await lab.lab("POST", "/faults", { match: { path: "/floating_ips" }, drop: "after" });
    await expect(lab.call("POST", "/floating_ips", FIP)).rejects.toThrow();
    expect((await lab.lab("GET", "/state")).body.floating_ips).toHaveLength(1);
    await lab.lab("POST", "/faults", { match: { path: "/floating_ips" }, delayMs: 120 });
    const began = Date.now();
    await lab.call("GET", "/floating_ips");
    expect(Date.now() - began).toBeGreaterThanOrEqual(115);
  });

  test("a fault that would do nothing is refused; DELETE takes all away", async () => {
    const refused = await lab.lab("POST", "/faults", { match: { path: "servers" }, times: 0 });
    expect(refused.body.error.details.fields.map((field: Json) => field.name)).toEqual([
      "match.path",
      "times",
      "match",
    ]);
    await lab.lab("POST", "/faults", { match: { path: "/servers" }, times: 9, status: 500 });
    expect((await lab.lab("DELETE", "/faults")).status).toBe(204);
    expect((await lab.call("GET", "/servers")).status).toBe(200);
  });
});

describe("request log", () => {
  test("keeps requests with bodies and error codes, without token and user data", async () => {
    lab = await TryApi.start();
    await lab.call("POST", "/servers", { name: "s", server_type: "cx23", image: "debian-12", user_data: "CANARY-1" });
    await lab.call("GET", "/servers/1?x=y");
    const { log } = (await lab.lab("GET", "/log")).body;
    expect(log.map((entry: Json) => [entry.method, entry.path, entry.status, entry.code])).toEqual([
      ["POST", "/v1/servers", 201, null],
      ["GET", "/v1/servers/1?x=y", 404, "not_found"],
    ]);
    expect(log[0].body).toMatchObject({ name: "s", user_data: "(redacted)" });
    expect(JSON.stringify(log)).not.toMatch(new RegExp(`CANARY|${TOKEN}`));
    expect((await lab.lab("GET", "/log?since=1")).body.log).toHaveLength(1);
  });
});

describe("rate limit", () => {
  test("the bucket empties, answers 429, and fills with time", async () => {
    let now = Date.parse("2026-11-21T00:00:00Z");
    const clock = { now: () => new Date(now), sleep: () => Promise.resolve() };
    lab = await TryApi.start({ rateLimit: 2, rateRefillPerSecond: 1, clock });
    const first = await lab.call("GET", "/servers");
    expect(first.headers.get("ratelimit-remaining")).toBe("1");
    expect(first.headers.get("ratelimit-reset")).toBe(String(now / 1000 + 1));
    await lab.call("GET", "/servers");
    const third = await lab.call("GET", "/servers");
    expect([third.status, third.body.error.code]).toEqual([429, "rate_limit_exceeded"]);
    expect(third.headers.get("ratelimit-remaining")).toBe("0");
    now += 1000;
    expect((await lab.call("GET", "/servers")).status).toBe(200);
  });
});

describe("restart", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "lab-api-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const restart = async (): Promise<void> => {
    await lab.api.close();
    lab = await TryApi.start({}, join(dir, "state.json"), lab.backend);
  };

  test("everything is as before, and ids and addresses go on", async () => {
    const path = join(dir, "state.json");
    lab = await TryApi.start({}, path);
    const server = await lab.server("s", { user_data: "CANARY" });
    const { floating_ip: fip } = await lab.done("POST", "/floating_ips", { type: "ipv6", server: server.id });
    const before = (await lab.call("GET", `/servers/${server.id}`)).body;
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await restart();
    expect((await lab.call("GET", `/servers/${server.id}`)).body).toEqual(before);
    const next = await lab.done("POST", "/floating_ips", { type: "ipv6", home_location: "fsn1" });
    expect(next.floating_ip.id).toBeGreaterThan(fip.id);
    expect(next.floating_ip.ip).toBe("2001:db8:f:2::/64");
  });

  test("a server that died meanwhile is off", async () => {
    lab = await TryApi.start({}, join(dir, "state.json"));
    const server = await lab.server("s");
    await lab.api.close();
    lab.backend.running.clear();
    await restart();
    expect((await lab.lab("GET", "/state")).body.servers).toMatchObject([{ id: server.id, status: "off" }]);
  });

  test("deletion, power and addresses are finished; a creation under way ends in error", async () => {
    lab = await TryApi.start({}, join(dir, "state.json"));
    const [a, b, c] = [await lab.server("a"), await lab.server("b"), await lab.server("c")];
    const { floating_ip: fip } = await lab.done("POST", "/floating_ips", FIP);
    await lab.lab("PATCH", "/options", { actionDelayMs: 400 });
    const order = { name: "d", server_type: "cx23", image: "debian-12" };
    const open = {
      delete: await lab.call("DELETE", `/servers/${a.id}`),
      poweroff: await lab.call("POST", `/servers/${b.id}/actions/poweroff`),
      assign: await lab.call("POST", `/floating_ips/${fip.id}/actions/assign`, { server: c.id }),
      create: await lab.call("POST", "/servers", order),
    };
    await restart();
    const ended = async (answer: Json): Promise<string> => (await lab.ended(answer.body.action.id)).status;
    expect(await ended(open.create)).toBe("error");
    expect((await lab.ended(open.create.body.next_actions[0].id)).status).toBe("error");
    expect(await ended(open.delete)).toBe("success");
    expect(await ended(open.poweroff)).toBe("success");
    expect(await ended(open.assign)).toBe("success");
    expect((await lab.call("GET", `/servers/${a.id}`)).status).toBe(404);
    expect((await lab.call("GET", `/servers/${b.id}`)).body.server.status).toBe("off");
    expect(lab.backend.routes.get("198.51.100.1/32")).toBe(c.id);
    const half = (await lab.call("GET", "/servers?name=d")).body.servers[0];
    expect(half).toMatchObject({ status: "off", locked: false });
    await lab.done("DELETE", `/servers/${half.id}`);
  });

  test("a state file of another version is refused by name", async () => {
    lab = await TryApi.start({}, join(dir, "state.json"));
    await lab.done("POST", "/floating_ips", FIP);
    await lab.api.close();
    const path = join(dir, "state.json");
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), version: 9 }));
    await expect(TryApi.start({}, path)).rejects.toThrow("expected state of version 1, found 9");
  });
});
