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
  expect(refusal(await lab.call("POST", "/zones", { name: "example.org", mode: "primary" }))[1]).toBe("uniqueness_error");
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
  ["an unknown type", { type: "SPF" }, "type"],
])("an rrset with %s is refused, alone and with its zone", async (_what, more, field) => {
  const wrong = { ...www, ...more };
  const together = await lab.call("POST", "/zones", { name: "example.org", mode: "primary", rrsets: [wrong] });
  expect(together.body.error.details.fields[0].name).toBe(`rrsets.0.${field}`);
  await lab.done("POST", "/zones", { name: "example.org", mode: "primary" });
  const alone = await lab.call("POST", "/zones/example.org/rrsets", wrong);
  expect(alone.body.error.details.fields[0].name).toBe(field);
});
