import { TryApi } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ lab";
const shown = async (id: number): Promise<Json> => (await lab.call("GET", `/servers/${id}`)).body.server;
const act = (id: number, name: string, body?: object) => lab.call("POST", `/servers/${id}/actions/${name}`, body);
const done = (id: number, name: string, body?: object) => lab.done("POST", `/servers/${id}/actions/${name}`, body);
const refused = ({ body }: { body: Json }): unknown[] => [body.error.code, body.error.details.fields[0].name];

test("ISO images are listed by architecture, those for any on request", async () => {
  const names = async (query: string): Promise<string[]> =>
    (await lab.call("GET", `/isos?${query}`)).body.isos.map(({ name }: Json) => name);
  expect(await names("architecture=arm")).toEqual(["debian-13-arm64-netinst.iso"]);
  expect(await names("architecture=arm&include_architecture_wildcard=true")).toEqual([
    "debian-13-arm64-netinst.iso",
    "ipxe.iso",
  ]);
  expect(await names("name=ipxe.iso")).toEqual(["ipxe.iso"]);
  expect((await lab.call("GET", "/isos/1304")).body.iso).toEqual({
    id: 1304,
    name: "ipxe.iso",
    description: "iPXE",
    type: "public",
    architecture: null,
    deprecation: null,
  });
});

test("an ISO image is attached by name or id, replaced, and detached; another architecture's is refused", async () => {
  const { id } = await lab.server("s");
  await done(id, "attach_iso", { iso: "debian-13-amd64-netinst.iso" });
  expect((await shown(id)).iso).toMatchObject({ id: 1301, architecture: "x86" });
  await done(id, "attach_iso", { iso: "1304" });
  expect((await shown(id)).iso.name).toBe("ipxe.iso");
  for (const iso of ["debian-13-arm64-netinst.iso", "beos-5.iso", undefined]) {
    expect(refused(await act(id, "attach_iso", { iso }))).toEqual(["invalid_input", "iso"]);
  }
  for (let twice = 0; twice < 2; twice++) await done(id, "detach_iso");
  expect((await shown(id)).iso).toBeNull();
});

test("the rescue system is for one boot, lets in known keys only, and nobody by password", async () => {
  const { id } = await lab.server("s");
  const { ssh_key: key } = await lab.done("POST", "/ssh_keys", { name: "k", public_key: KEY });
  expect(refused(await act(id, "enable_rescue", { ssh_keys: [4711] }))).toEqual(["invalid_input", "ssh_keys"]);
  expect(refused(await act(id, "enable_rescue", { type: "linux32" }))).toEqual(["invalid_input", "type"]);
  const enabled = await done(id, "enable_rescue", { type: "linux64", ssh_keys: [key.id] });
  expect(enabled.root_password).toBe("");
  expect((await shown(id)).rescue_enabled).toBe(true);
  await done(id, "disable_rescue");
  expect((await shown(id)).rescue_enabled).toBe(false);
  for (const boot of ["reset", "reboot", "poweron"]) {
    await done(id, "enable_rescue");
    if (boot === "poweron") await done(id, "poweroff");
    expect((await shown(id)).rescue_enabled).toBe(true);
    await done(id, boot);
    expect([boot, (await shown(id)).rescue_enabled]).toEqual([boot, false]);
  }
});

test.each(["reset_password", "request_console"])("%s cannot be told honestly", async (name) => {
  const { id } = await lab.server("s");
  const { status, body } = await act(id, name);
  expect([status, body.error.code]).toEqual([422, "unsupported_error"]);
});

test("prices are those of the catalogue", async () => {
  const { pricing } = (await lab.call("GET", "/pricing")).body;
  const { server_types } = (await lab.call("GET", "/server_types?name=cx23")).body;
  const { load_balancer_types } = (await lab.call("GET", "/load_balancer_types?name=lb11")).body;
  const named = (rows: Json[], name: string): Json => rows.find((row) => row.name === name);
  expect([pricing.currency, pricing.vat_rate, pricing.server_backup]).toEqual([
    "EUR",
    "19.00",
    { percentage: "20.00" },
  ]);
  expect(named(pricing.server_types, "cx23")).toEqual({ id: 114, name: "cx23", prices: server_types[0].prices });
  const { prices } = load_balancer_types[0];
  expect(named(pricing.load_balancer_types, "lb11")).toEqual({ id: 1, name: "lb11", prices });
  expect(pricing.primary_ips.map(({ type }: Json) => type)).toEqual(["ipv4", "ipv6"]);
  expect(pricing.floating_ips[0].prices[0]).toEqual({
    location: "fsn1",
    price_monthly: { net: "3.0000000000", gross: "3.5700000000" },
  });
});
