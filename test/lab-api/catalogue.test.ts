import { hostImages } from "../../lab/images/host-images";
import { TryApi } from "./try-api";
import type { Json } from "./json";

let lab: TryApi;
beforeEach(async () => {
  lab = await TryApi.start();
});
afterEach(() => lab.api.close());

const bootable = hostImages.map(({ name }) => name);
const order = { name: "s", server_type: "cx23", image: "debian-12", location: "fsn1" };
const refusal = ({ status, body }: { status: number; body: Json }): unknown[] => [
  status,
  body.error?.code,
  body.error?.message,
];

describe("the catalogue", () => {
  test("has Hetzner's locations with their network zones", async () => {
    const { locations } = (await lab.call("GET", "/locations")).body;
    expect(locations.map(({ name, network_zone }: Json) => [name, network_zone])).toEqual([
      ["fsn1", "eu-central"],
      ["nbg1", "eu-central"],
      ["hel1", "eu-central"],
      ["ash", "us-east"],
      ["hil", "us-west"],
      ["sin", "ap-southeast"],
    ]);
  });

  test("a retired type is listed as such, and refused in an order", async () => {
    const [type] = (await lab.call("GET", "/server_types?name=cx22")).body.server_types;
    expect(type).toMatchObject({ deprecated: true, deprecation: { unavailable_after: "2026-01-01T00:00:00Z" } });
    expect(type.locations).toMatchObject([{ available: false }, { available: false }, { available: false }]);
    expect(refusal(await lab.call("POST", "/servers", { ...order, server_type: "cx22" }))).toEqual([
      422,
      "invalid_input",
      "server type cx22 is deprecated: not available in fsn1 since 2026-01-01",
    ]);
  });

  test("a type that is retired here and sold there, and one that is not sold there", async () => {
    expect(refusal(await lab.call("POST", "/servers", { ...order, server_type: "cpx11" }))[1]).toBe("invalid_input");
    const { server } = await lab.done("POST", "/servers", { ...order, server_type: "cpx11", location: "ash" });
    expect(server).toMatchObject({ location: { name: "ash" }, server_type: { name: "cpx11", deprecated: false } });
    expect(refusal(await lab.call("POST", "/servers", { ...order, name: "t", location: "ash" }))).toEqual([
      422,
      "invalid_input",
      "unsupported location for server type: cx23 is not available in ash",
    ]);
  });

  test("change_type refuses what does not fit with invalid_server_type", async () => {
    const { id } = await lab.server("s");
    await lab.done("POST", `/servers/${id}/actions/poweroff`);
    for (const server_type of ["cx32", "cax21", "cx11"]) {
      const body = { server_type, upgrade_disk: false };
      const answer = await lab.call("POST", `/servers/${id}/actions/change_type`, body);
      expect([server_type, ...refusal(answer).slice(0, 2)]).toEqual([server_type, 422, "invalid_server_type"]);
    }
  });

  test("images that cannot boot here are listed, and an order of one says which can", async () => {
    const { images } = (await lab.call("GET", "/images?architecture=x86&per_page=50")).body;
    const names = images.map(({ name }: Json) => name);
    expect(names).toEqual(expect.arrayContaining([...bootable, "debian-13", "ubuntu-24.04", "rocky-9", "fedora-43"]));
    const message = `image 'ubuntu-24.04' exists at Hetzner, but the lab cannot boot it; it boots ${bootable.join(", ")}`;
    const refused = [422, "unsupported_error", message];
    expect(refusal(await lab.call("POST", "/servers", { ...order, image: "ubuntu-24.04" }))).toEqual(refused);
    const { id } = await lab.server("s");
    const path = `/servers/${id}/actions/rebuild`;
    expect(refusal(await lab.call("POST", path, { image: "ubuntu-24.04" }))).toEqual(refused);
    expect(refusal(await lab.call("POST", "/servers", { ...order, name: "t", image: "beos-5" })).slice(0, 2)).toEqual([
      422,
      "invalid_input",
    ]);
  });

  test("deprecated images come on request only", async () => {
    const names = async (query: string): Promise<string[]> =>
      (await lab.call("GET", `/images?per_page=50${query}`)).body.images.map(({ name }: Json) => name);
    expect(await names("")).not.toContain("debian-11");
    expect(await names("&include_deprecated=true")).toContain("debian-11");
  });

  test.each(["storage_boxes", "storage_boxes/7", "storage_box_types"])(
    "/%s, which the lab has not, is unsupported_error and not not_found",
    async (path) => {
      const collection = path.split("/")[0];
      expect(refusal(await lab.call("GET", `/${path}`))).toEqual([
        422,
        "unsupported_error",
        `${collection} is not available in the lab`,
      ]);
    },
  );
});

describe("placement groups", () => {
  test("a server joins when it is off, and leaves; a full group takes none", async () => {
    const { placement_group: group } = await lab.done("POST", "/placement_groups", { name: "g", type: "spread" });
    const { id } = await lab.server("s");
    const path = `/servers/${id}`;
    const add = { placement_group: group.id };
    const join = () => lab.call("POST", `${path}/actions/add_to_placement_group`, add);
    expect((await join()).body.error.code).toBe("server_not_stopped");
    await lab.done("POST", `${path}/actions/poweroff`);
    await lab.done("POST", `${path}/actions/add_to_placement_group`, add);
    expect((await lab.call("GET", path)).body.server.placement_group).toMatchObject({ id: group.id, servers: [id] });
    expect((await join()).body.error.code).toBe("invalid_input");
    await lab.done("POST", `${path}/actions/remove_from_placement_group`);
    expect((await lab.call("GET", path)).body.server.placement_group).toBeNull();
    const twice = await lab.call("POST", `${path}/actions/remove_from_placement_group`);
    expect(twice.body.error.code).toBe("invalid_input");
    for (let n = 0; n < 10; n++)
      await lab.call("POST", "/servers", { ...order, name: `s${n}`, placement_group: group.id });
    expect(refusal(await join()).slice(0, 2)).toEqual([412, "placement_error"]);
  });
});
