import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TryApi } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

const refusal = ({ status, body }: { status: number; body: Json }): unknown[] => [status, body.error?.code];

describe("volumes", () => {
  test("are made at a server, seen there, resized upwards, and freed by its deletion", async () => {
    const server = await lab.server("s");
    const order = { name: "data", size: 10, format: "ext4", server: server.id, automount: true };
    const { volume, next_actions } = await lab.done("POST", "/volumes", order);
    expect(next_actions.map((action: Json) => action.command)).toEqual(["attach_volume"]);
    const path = `/volumes/${volume.id}`;
    const shown = async (): Promise<Json> => (await lab.call("GET", path)).body.volume;
    expect(await shown()).toMatchObject({ server: server.id, status: "available", location: { name: "fsn1" } });
    expect((await lab.call("GET", `/servers/${server.id}`)).body.server.volumes).toEqual([volume.id]);
    expect(refusal(await lab.call("DELETE", path))).toEqual([422, "resource_in_use"]);
    const attach = await lab.call("POST", `${path}/actions/attach`, { server: server.id });
    expect(refusal(attach)).toEqual([422, "volume_already_attached"]);
    expect(refusal(await lab.call("POST", `${path}/actions/resize`, { size: 10 }))).toEqual([422, "invalid_input"]);
    await lab.done("POST", `${path}/actions/resize`, { size: 11 });
    await lab.done("DELETE", `/servers/${server.id}`);
    expect(await shown()).toMatchObject({ server: null, size: 11 });
    await lab.done("POST", "/servers", { name: "t", server_type: "cx23", image: "debian-12", volumes: [volume.id] });
    expect((await shown()).server).not.toBeNull();
  });

  test.each([
    ["9 GB", { size: 9 }, "size"],
    ["more than 10 TB", { size: 10241 }, "size"],
    ["another file system", { format: "zfs" }, "format"],
    ["65 characters", { name: "x".repeat(65) }, "name"],
    ["a dash at the end", { name: "data-" }, "name"],
    ["automount without server", { automount: true }, "automount"],
    ["an unknown place", { location: "mars" }, "location"],
    ["no place", { location: undefined }, "location"],
  ])("%s is refused", async (_what, more, field) => {
    const { body } = await lab.call("POST", "/volumes", { name: "v", size: 10, location: "fsn1", ...more });
    expect(body.error.details.fields[0].name).toBe(field);
  });

  test("stay in their location", async () => {
    const server = await lab.server("s");
    const { volume } = await lab.done("POST", "/volumes", { name: "far", size: 10, location: "hel1" });
    const answer = await lab.call("POST", `/volumes/${volume.id}/actions/attach`, { server: server.id });
    expect(answer.body.error.details.fields[0].name).toBe("server");
  });
});

describe("certificates", () => {
  test("an uploaded one tells its names and dates, its key is kept nowhere, and has to be its own", async () => {
    const folder = mkdtempSync(join(tmpdir(), "certificate-"));
    const pair = (name: string): { certificate: string; private_key: string } => {
      const [key, pem] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
      const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name},DNS:www.${name}`];
      const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
      execFileSync("openssl", ["req", "-x509", ...kind, "-keyout", key, "-out", pem, "-days", "30", ...subject], {
        stdio: "pipe",
      });
      return { certificate: readFileSync(pem, "utf8"), private_key: readFileSync(key, "utf8") };
    };
    const [one, other] = [pair("example.org"), pair("example.net")];
    rmSync(folder, { recursive: true });
    const { certificate } = await lab.done("POST", "/certificates", { name: "web", ...one });
    expect(certificate).toMatchObject({
      type: "uploaded",
      domain_names: ["example.org", "www.example.org"],
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      status: null,
    });
    expect(JSON.stringify((await lab.lab("GET", "/log")).body)).not.toContain("PRIVATE KEY");
    const mixed = { ...one, private_key: other.private_key };
    const refused = await lab.call("POST", "/certificates", { name: "x", ...mixed });
    expect(refused.body.error.details.fields[0].name).toBe("private_key");
    const none = await lab.call("POST", "/certificates", { name: "x", certificate: "text", private_key: "text" });
    expect(none.body.error.details.fields[0].name).toBe("certificate");
  });

  test("a managed one needs names, and is issued as state", async () => {
    const none = await lab.call("POST", "/certificates", { name: "m", type: "managed" });
    expect(none.body.error.details.fields[0].name).toBe("domain_names");
    const order = { name: "m", type: "managed", domain_names: ["example.org"] };
    const { certificate, action } = await lab.done("POST", "/certificates", order);
    expect(action.command).toBe("create_certificate");
    expect(certificate.status).toEqual({ issuance: "completed", renewal: "scheduled", error: null });
  });
});
