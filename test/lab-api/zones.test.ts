import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readNameData } from "../../lab/api";
import { TryApi } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

const refusal = ({ status, body }: { status: number; body: Json }): unknown[] => [status, body.error?.code];
const www = { name: "www", type: "A", ttl: 300, records: [{ value: "198.51.100.7", comment: "web" }] };

test("a zone has name servers of its own, and is found by id and by name", async () => {
  const { zone } = await lab.done("POST", "/zones", { name: "example.org", mode: "primary" });
  expect(zone).toMatchObject({ mode: "primary", ttl: 3600, record_count: 4, status: "ok" });
  for (const path of [`/zones/${zone.id}`, "/zones/example.org"])
    expect((await lab.call("GET", path)).body.zone.id).toBe(zone.id);
  expect(refusal(await lab.call("POST", "/zones", { name: "example.org", mode: "primary" }))[1]).toBe(
    "uniqueness_error",
  );
  await lab.done("POST", "/zones/example.org/actions/change_ttl", { ttl: 60 });
  await lab.done("POST", "/zones/example.org/actions/change_protection", { delete: true });
  expect(refusal(await lab.call("DELETE", "/zones/example.org"))).toEqual([403, "protected"]);
  await lab.done("POST", "/zones/example.org/actions/change_protection", { delete: false });
  const gone = await lab.call("DELETE", `/zones/${zone.id}`);
  expect([gone.status, gone.body.action.command]).toEqual([201, "delete_zone"]);
  expect((await lab.lab("GET", "/state")).body.empty).toBe(true);
});

test("rrsets are made, read by name and type, changed by records, and kept from change", async () => {
  const { zone } = await lab.done("POST", "/zones", { name: "example.org", mode: "primary" });
  const { rrset } = await lab.done("POST", "/zones/example.org/rrsets", www);
  expect(rrset).toMatchObject({ ...www, id: "www/A", zone: zone.id, protection: { change: false } });
  const path = "/zones/example.org/rrsets/www/A";
  const shown = async (): Promise<Json> => (await lab.call("GET", path)).body.rrset;
  const act = (name: string, body: object) => lab.done("POST", `${path}/actions/${name}`, body);
  await act("add_records", { records: [{ value: "198.51.100.8" }] });
  await act("remove_records", { records: [{ value: "198.51.100.7" }] });
  expect((await shown()).records).toEqual([{ value: "198.51.100.8" }]);
  await act("update_records", { records: [{ value: "198.51.100.8", comment: "new" }] });
  await act("change_ttl", { ttl: null });
  expect(await shown()).toMatchObject({ ttl: null, records: [{ value: "198.51.100.8", comment: "new" }] });
  await act("change_protection", { change: true });
  const refused = await lab.call("POST", `${path}/actions/set_records`, { records: [{ value: "198.51.100.9" }] });
  expect(refusal(refused)).toEqual([403, "protected"]);
  await act("change_protection", { change: false });
  await act("remove_records", { records: [{ value: "198.51.100.8" }] });
  expect((await lab.call("GET", path)).status).toBe(404);
  const six = { records: [{ value: "2001:db8:f::7" }], ttl: 600 };
  await lab.done("POST", "/zones/example.org/rrsets/@/AAAA/actions/add_records", six);
  const { rrsets } = (await lab.call("GET", "/zones/example.org/rrsets?type=AAAA")).body;
  expect(rrsets).toMatchObject([{ id: "@/AAAA", ttl: 600, records: [{ value: "2001:db8:f::7" }] }]);
});

test.each([
  ["a ttl below a minute", { ttl: 59 }, "ttl"],
  ["no records", { records: [] }, "records"],
  ["a value twice", { records: [{ value: "198.51.100.7" }, { value: "198.51.100.7" }] }, "records"],
  ["a record without value", { records: [{ comment: "x" }] }, "records.0.value"],
  ["the zone's own name", { name: "www.example.org" }, "name"],
  ["upper case", { name: "WWW" }, "name"],
  ["a final dot", { name: "www." }, "name"],
  ["an IPv6 address among IPv4", { records: [{ value: "2001:db8::1" }] }, "records.0.value"],
  ["a network", { type: "AAAA", records: [{ value: "2001:db8::/64" }] }, "records.0.value"],
  ["two names of an alias", { type: "CNAME", records: [{ value: "a" }, { value: "b" }] }, "records"],
  ["an unknown type", { type: "SPF" }, "type"],
])("an rrset with %s is refused, alone and with its zone", async (_what, more, field) => {
  const wrong = { ...www, ...more };
  const together = await lab.call("POST", "/zones", { name: "example.org", mode: "primary", rrsets: [wrong] });
  expect(together.body.error.details.fields[0].name).toBe(`rrsets.0.${field}`);
  await lab.done("POST", "/zones", { name: "example.org", mode: "primary" });
  const alone = await lab.call("POST", "/zones/example.org/rrsets", wrong);
  expect(alone.body.error.details.fields[0].name).toBe(field);
});

test("an alias has no records beside it, and more records have the TTL that is there", async () => {
  await lab.done("POST", "/zones", { name: "example.org", mode: "primary" });
  await lab.done("POST", "/zones/example.org/rrsets", www);
  const alias = { name: "www", type: "CNAME", records: [{ value: "web" }] };
  expect(refusal(await lab.call("POST", "/zones/example.org/rrsets", alias))).toEqual([422, "invalid_input"]);
  await lab.done("POST", "/zones/example.org/rrsets", { ...alias, name: "alias" });
  const beside = { ...www, name: "alias" };
  expect(refusal(await lab.call("POST", "/zones/example.org/rrsets", beside))).toEqual([422, "invalid_input"]);
  const path = "/zones/example.org/rrsets/www/A/actions/add_records";
  const more = { records: [{ value: "198.51.100.9" }], ttl: 301 };
  expect(refusal(await lab.call("POST", path, more))).toEqual([422, "invalid_input"]);
  await lab.done("POST", path, { ...more, ttl: 300 });
});

test("name servers have what the state file has: each change with a serial number of its own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "names-"));
  const statePath = join(folder, "state.json");
  expect(readNameData(statePath)).toEqual({ zones: [], reverse: [] });
  const kept = await TryApi.start({}, statePath);
  await kept.done("POST", "/zones", { name: "example.org", mode: "primary" });
  const serial = () => Number(readNameData(statePath).zones[0]?.rrsets[0]?.records[0]?.value.split(" ")[2]);
  const before = serial();
  await kept.done("POST", "/zones/example.org/rrsets", www);
  const ip = { type: "ipv4", home_location: "fsn1" };
  const { floating_ip: floating } = await kept.done("POST", "/floating_ips", ip);
  expect(readNameData(statePath)).toMatchObject({
    zones: [{ name: "example.org", ttl: 3600, rrsets: [{ type: "SOA" }, { type: "NS" }, www] }],
    reverse: [{ ip: floating.ip, dns_ptr: expect.stringMatching(/^static\..*\.clients\.your-server\.de$/) }],
  });
  expect(serial()).toBe(before + 1);
  await kept.api.close();
  rmSync(folder, { recursive: true });
});
