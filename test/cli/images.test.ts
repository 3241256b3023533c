import { imageHash } from "../../provider/model/image";
import { shown } from "../../cli/images/on-host";
import { imageHostsOf } from "../../cli/stack/images";
import { stack } from "./host";

describe("images of a state", () => {
  const resources = stack();
  const machine = resources.at(-1)!;
  const golden = {
    ...{ urn: "urn:pulumi:test::lab::x::golden", type: "pulumi-nodejs:dynamic/nspawn:MachineImage" },
    inputs: { ...machine.inputs, owner: "lab/test/image/golden", name: "golden", version: "2" },
  };
  const hosts = imageHostsOf({ stack: "test", resources: [...resources, golden] as never });

  it("are of the hosts that it has or uses, once each", () => {
    expect(hosts).toHaveLength(1);
    expect(hosts[0]).toMatchObject({ name: "host-1", stack: "test" });
  });

  it("are known by what they are made of", () => {
    const published = imageHash({ kind: "published", name: "golden", version: "2" });
    expect(hosts[0]!.sources.get(published)).toBe("golden:2 (published)");
    const others = [...hosts[0]!.sources].filter(([hash]) => hash !== published);
    expect(others.map(([, words]) => words)).toEqual(["bookworm (debootstrap)"]);
    expect(hosts[0]!.machines.get(others[0]![0])).toEqual(["web"]);
  });

  it("are used by what the host says, and by what the state says", () => {
    const [hash = ""] = [...hosts[0]!.machines.keys()];
    const found = { hash, bytes: 5, made: 0, publisher: "", machines: ["db"] };
    expect(shown(hosts[0]!, found)).toEqual({
      ...{ hash, source: "bookworm (debootstrap)", bytes: 5, usedBy: ["db", "web"], used: true },
    });
    const other = { ...found, hash: "f".repeat(16), machines: [], made: 1_780_000_000 };
    expect(shown(hosts[0]!, other)).toEqual({
      ...{ hash: other.hash, source: "unknown", bytes: 5, usedBy: [], used: false, date: "2026-05-28T20:26:40.000Z" },
    });
    expect(shown(hosts[0]!, { ...other, publisher: "p/s/image/golden" }).usedBy).toEqual(["p/s/image/golden"]);
  });
});
