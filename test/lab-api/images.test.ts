import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostImages } from "../../lab/images/host-images";
import { TryApi } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

const refusal = ({ status, body }: { status: number; body: Json }): unknown[] => [status, body.error?.code];
const make = async (server: number, body: object = {}): Promise<Json> =>
  (await lab.done("POST", `/servers/${server}/actions/create_image`, body)).image;
const shown = async (id: number): Promise<Json> => (await lab.call("GET", `/images/${id}`)).body.image;
const listed = async (query: string): Promise<number[]> =>
  (await lab.call("GET", `/images?${query}`)).body.images.map(({ id }: Json) => id);
const backups = (server: number, name: "enable_backup" | "disable_backup") =>
  lab.done("POST", `/servers/${server}/actions/${name}`);

test("a snapshot tells what it was made of, and is found by every filter", async () => {
  const server = await lab.server("s");
  await backups(server.id, "enable_backup");
  const snapshot = await make(server.id, { description: "before", labels: { a: "b" } });
  expect([snapshot.status, snapshot.type]).toEqual(["creating", "snapshot"]);
  expect(await shown(snapshot.id)).toEqual({
    id: snapshot.id,
    type: "snapshot",
    status: "available",
    name: null,
    description: "before",
    image_size: null,
    disk_size: 40,
    created: snapshot.created,
    created_from: { id: server.id, name: "s" },
    bound_to: null,
    os_flavor: "debian",
    os_version: "12",
    architecture: "x86",
    rapid_deploy: false,
    protection: { delete: false },
    deprecated: null,
    deleted: null,
    labels: { a: "b" },
  });
  const backup = await make(server.id, { type: "backup" });
  expect(await shown(backup.id)).toMatchObject({ type: "backup", bound_to: server.id, labels: {} });
  expect((await shown(backup.id)).description).toBe(`backup of s, ${backup.created}`);
  const both = [snapshot.id, backup.id];
  expect(await listed("type=snapshot&type=backup")).toEqual(both);
  expect(await listed("type=snapshot&type=backup&sort=id:desc")).toEqual([...both].reverse());
  expect(await listed("type=snapshot")).toEqual([snapshot.id]);
  expect(await listed(`bound_to=${server.id}`)).toEqual([backup.id]);
  expect(await listed("label_selector=a%3Db")).toEqual([snapshot.id]);
  expect(await listed("type=backup&status=creating")).toEqual([]);
  expect(await listed("type=backup&architecture=arm")).toEqual([]);
  expect(await listed("name=debian-12&architecture=x86")).toHaveLength(1);
  const { images } = (await lab.lab("GET", "/state")).body;
  expect(images.map(({ id }: Json) => id)).toEqual(both);
});

test("while it is made, its server is locked, and it cannot be deleted", async () => {
  const slow = await TryApi.start({ actionDelayMs: 300 });
  try {
    const server = await slow.server("s");
    const path = `/servers/${server.id}/actions`;
    const { action, image } = (await slow.call("POST", `${path}/create_image`)).body;
    expect(action).toMatchObject({ command: "create_image", status: "running" });
    expect(refusal(await slow.call("POST", `${path}/poweroff`))).toEqual([423, "locked"]);
    expect(refusal(await slow.call("DELETE", `/images/${image.id}`))).toEqual([423, "locked"]);
    await slow.ended(action.id);
    await slow.done("DELETE", `/images/${image.id}`);
    expect(refusal(await slow.call("GET", `/images/${image.id}`))).toEqual([404, "not_found"]);
  } finally {
    await slow.api.close();
  }
});

test("one whose making failed is unavailable", async () => {
  const { id } = await lab.server("s");
  const fault = { match: { method: "POST", path: "/servers/*/actions/create_image" }, actionError: "action_failed" };
  await lab.lab("POST", "/faults", fault);
  const { action, image } = (await lab.call("POST", `/servers/${id}/actions/create_image`)).body;
  expect((await lab.ended(action.id)).status).toBe("error");
  expect((await shown(image.id)).status).toBe("unavailable");
});

describe("backups", () => {
  test("need the option, and go with it or with the server; a snapshot stays", async () => {
    const { id } = await lab.server("s");
    const answer = await lab.call("POST", `/servers/${id}/actions/create_image`, { type: "backup" });
    expect([...refusal(answer), answer.body.error.details.fields[0].name]).toEqual([422, "invalid_input", "type"]);
    await backups(id, "enable_backup");
    await make(id, { type: "backup" });
    const snapshot = await make(id);
    await backups(id, "disable_backup");
    expect(await listed("type=backup")).toEqual([]);
    await backups(id, "enable_backup");
    await make(id, { type: "backup" });
    const kept = await make(id, { type: "backup" });
    const put = await lab.done("PUT", `/images/${kept.id}`, {
      type: "snapshot",
      description: "kept",
      labels: { c: "d" },
    });
    expect(put.image).toMatchObject({ type: "snapshot", bound_to: null, description: "kept", labels: { c: "d" } });
    await lab.done("DELETE", `/servers/${id}`);
    expect(await listed("type=snapshot&type=backup")).toEqual([snapshot.id, kept.id]);
    expect((await shown(kept.id)).created_from).toEqual({ id, name: "s" });
  });

  test("are not protected; a snapshot is", async () => {
    const { id } = await lab.server("s");
    await backups(id, "enable_backup");
    const protect = (image: number, wanted: boolean) =>
      lab.call("POST", `/images/${image}/actions/change_protection`, { delete: wanted });
    const backup = await make(id, { type: "backup" });
    expect(refusal(await protect(backup.id, true))).toEqual([422, "unsupported_error"]);
    const snapshot = await make(id);
    await lab.ended((await protect(snapshot.id, true)).body.action.id);
    expect(refusal(await lab.call("DELETE", `/images/${snapshot.id}`))).toEqual([403, "protected"]);
    await lab.ended((await protect(snapshot.id, false)).body.action.id);
    await lab.done("DELETE", `/images/${snapshot.id}`);
  });
});

test("nothing about the provider's own images changes", async () => {
  const [id] = await listed("name=debian-12");
  for (const [method, path] of [
    ["PUT", `/images/${id}`],
    ["DELETE", `/images/${id}`],
    ["POST", `/images/${id}/actions/change_protection`],
  ] as const) {
    expect(refusal(await lab.call(method, path, {}))).toEqual([422, "unsupported_error"]);
  }
  expect(refusal(await lab.call("DELETE", "/images/4711"))).toEqual([404, "not_found"]);
});

test("an order or a rebuild with a snapshot says that no disk was copied", async () => {
  const { id } = await lab.server("s");
  const snapshot = await make(id);
  const message = `image ${snapshot.id} is a snapshot, and the lab copies no disks; it boots ${hostImages.map(({ name }) => name).join(", ")}`;
  const order = { name: "t", server_type: "cx23", image: String(snapshot.id) };
  const path = `/servers/${id}/actions/rebuild`;
  for (const answer of [
    await lab.call("POST", "/servers", order),
    await lab.call("POST", path, { image: snapshot.id }),
  ]) {
    expect([...refusal(answer), answer.body.error.message]).toEqual([422, "unsupported_error", message]);
  }
  expect(refusal(await lab.call("POST", "/servers", { ...order, server_type: "cax11" }))).toEqual([
    422,
    "invalid_input",
  ]);
});

test("images outlive the API", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "lab-api-")), "state.json");
  const first = await TryApi.start({}, file);
  const { id } = await first.server("s");
  const { image } = await first.done("POST", `/servers/${id}/actions/create_image`, {});
  await first.api.close();
  const second = await TryApi.start({}, file, first.backend);
  try {
    expect((await second.call("GET", `/images/${image.id}`)).body.image.status).toBe("available");
  } finally {
    await second.api.close();
  }
});
