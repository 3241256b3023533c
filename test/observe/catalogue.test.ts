import { isDevice } from "../../provider/observe/tree/catalogue";
import { CatalogueReader } from "../../provider/observe/tree/catalogue-reader";
import { treeDifference } from "../../provider/observe/tree/tree-difference";
import { catalogueOf } from "./catalogue-of";

interface Path {
  path: string;
  type?: string;
  uid?: number | string;
  gid?: number | string;
  fields?: string;
  target?: string;
}

function text(...paths: Path[]): Buffer {
  const texts = [{ path: "", type: "d" }, ...paths].map(
    ({ path, type = "f", uid = 0, gid = 0, fields, target = "" }: Path) => {
      const usual = [type, "644", uid, gid, 10, 8, "5.0000000000", "5.0000000000", 1, 1].join("\t");
      return `${fields ?? usual}\0${path}\0${target}\0`;
    },
  );
  return Buffer.from(`1700000000\0${texts.join("")}`, "latin1");
}

const refused = (raw: Buffer): string => {
  try {
    catalogueOf(raw);
  } catch (error) {
    expect(error).toMatchObject({ code: "NSPAWN_REPORT" });
    return (error as Error).message;
  }
  throw new Error("it was taken");
};

describe("the list of a tree", () => {
  it("is the same in pieces of any size", () => {
    const raw = text({ path: "etc", type: "d" }, { path: "etc/a" }, { path: "l", type: "l", target: "etc/a" });
    for (const size of [1, 2, 7, 64]) {
      const reader = new CatalogueReader();
      for (let at = 0; at < raw.length; at += size) reader.push(raw.subarray(at, at + size));
      expect(reader.end()).toEqual(catalogueOf(raw));
    }
    expect([...catalogueOf(raw).entries.keys()]).toEqual(["", "etc", "etc/a", "l"]);
  });

  it("may be that of no tree", () => {
    expect(catalogueOf(Buffer.from("17\0"))).toEqual({ clock: 17, entries: new Map(), obstacle: undefined });
  });

  it("takes a file that is all hole, times before 1970, and a name that find comes upon twice", () => {
    const hole = "f\t600\t0\t0\t9223372036854775807\t0\t-5.5000000000\t-1.0000000000\t1\t18446744073709551615";
    const { entries } = catalogueOf(text({ path: "hole", fields: hole }, { path: "a" }, { path: "a", type: "l" }));
    expect(entries.get("hole")).toMatchObject({ bytes: 0, changed: -1 });
    expect(entries.get("a")?.type).toBe("f");
  });

  it.each(["/etc", "etc/", "/", ".", "..", "d/.", "d/..", "../x", "d/../x", "d//x", "missing/x", "file/x", "link/x"])(
    "has no such path: %j",
    (path) => {
      const folder = [{ path: "d", type: "d" }, { path: "file" }, { path: "link", type: "l", target: "/etc" }];
      expect(refused(text(...folder, { path }))).toContain("can be no path of it");
    },
  );

  it.each([
    ["a type of its own", "x\t644\t0\t0\t1\t8\t5\t5\t1\t1"],
    ["a socket", "s\t644\t0\t0\t1\t8\t5\t5\t1\t1"],
    ["a mode that is no mode", "f\t999\t0\t0\t1\t8\t5\t5\t1\t1"],
    ["an owner below nobody", "f\t644\t-1\t0\t1\t8\t5\t5\t1\t1"],
    ["an owner beyond all", "f\t644\t4294967296\t0\t1\t8\t5\t5\t1\t1"],
    ["a size that is no number", "f\t644\t0\t0\tNaN\t8\t5\t5\t1\t1"],
    ["a size without bounds", `f\t644\t0\t0\t${"9".repeat(400)}\t8\t5\t5\t1\t1`],
    ["a time that is none", "f\t644\t0\t0\t1\t8\tInfinity\t5\t1\t1"],
    ["a field too few", "f\t644\t0\t0\t1\t8\t5\t5\t1"],
    ["a field too many", "f\t644\t0\t0\t1\t8\t5\t5\t1\t1\t1"],
    ["nothing", ""],
  ])("has no such entry: %s", (_what, fields) => {
    expect(refused(text({ path: "a\u001b", fields }))).toContain(
      'what it says of "a\\u{1b}" is not what find(1) writes',
    );
  });

  it("has links alone that lead somewhere", () => {
    expect(refused(text({ path: "a", target: "/etc" }))).toContain("not what find(1) writes");
  });

  it.each([
    ["nothing", Buffer.alloc(0), "is not complete"],
    ["a clock that is none", Buffer.from("-1\0"), "its clock is no number"],
    ["half of an entry", text().subarray(0, -1), "is not complete"],
    ["no root", Buffer.from("1\0f\t644\t0\t0\t1\t8\t5\t5\t1\t1\0a\0\0"), "can be no path of it"],
    ["a root that is a file", Buffer.from("1\0f\t644\t0\t0\t1\t8\t5\t5\t1\t1\0\0\0"), "can be no path of it"],
    ["a text without end", Buffer.alloc(70_000, "x"), "a text has no end"],
    ["a text that is too long", text({ path: "x".repeat(65_537) }), "a text is too long"],
  ])("is refused: %s", (_what, raw, says) => expect(refused(raw)).toContain(says));

  it("has no more paths than are allowed", () => {
    const raw = text({ path: "a" }, { path: "b" });
    const within = new CatalogueReader(3);
    within.push(raw);
    expect(within.end().entries.size).toBe(3);
    expect(() => new CatalogueReader(2).push(raw)).toThrow(/more than 2 paths/);
  });
});

describe("owners in a tree", () => {
  const shifted = (uid: number, gid = uid): Buffer =>
    Buffer.from(
      text({ path: "a", uid, gid }).toString("latin1").replace("d\t644\t0\t0", "d\t755\t786432\t786432"),
      "latin1",
    );

  it("are those of its root's range", () => {
    for (const uid of [786_432, 786_432 + 65_535]) expect(catalogueOf(shifted(uid)).obstacle).toBeUndefined();
    expect(catalogueOf(text({ path: "a", uid: 65_535, gid: 33 })).obstacle).toBeUndefined();
  });

  it("others are told, the first of them", () => {
    const users = "outside of 786432 to 851967, which are the users of the tree";
    for (const uid of [0, 786_431, 786_432 + 65_536]) {
      const { obstacle } = catalogueOf(shifted(uid));
      expect(obstacle).toEqual({ path: "a", why: expect.stringContaining(`belongs to ${uid}:${uid}, ${users}`) });
    }
    expect(catalogueOf(shifted(786_433, 0)).obstacle?.why).toContain("belongs to 786433:0,");
    expect(catalogueOf(text({ path: "a", uid: 1e6 }, { path: "b", gid: 2e6 })).obstacle?.path).toBe("a");
  });
});

describe("a path that no program can name", () => {
  it("is told, and is no part of the tree", () => {
    const path = Array<string>(2100).fill("d").join("/");
    const { obstacle, entries } = catalogueOf(text({ path }));
    expect(obstacle).toEqual({ path, why: expect.stringContaining("has a path of 4199 bytes") });
    expect(entries.size).toBe(1);
  });
});

describe("device nodes", () => {
  const node = (path: string, type = "c"): Path => ({ path, type });
  const folder = { path: "dev", type: "d" };
  const difference = (source: Path[], copy: Path[]) =>
    treeDifference(catalogueOf(text(...source)), catalogueOf(text(...copy)), Infinity);

  it("are not sent, and make no difference", () => {
    const source = [folder, node("dev/null"), node("dev/sda", "b"), { path: "dev/shm", type: "d" }];
    expect(difference(source, [folder]).send).toEqual(["", "dev", "dev/shm"]);
    expect(difference([folder, node("dev/null")], [folder])).toEqual({ send: [], drop: [], bytes: 0 });
    expect(treeDifference(catalogueOf(text(folder, node("dev/null"))), catalogueOf(text(folder)), 5).send).toEqual([
      "",
      "dev",
    ]);
  });

  it("go from a copy, whoever put them there", () => {
    expect(difference([folder], [folder, node("dev/sda", "b")])).toMatchObject({
      drop: ["dev/sda"],
      send: ["", "dev"],
    });
    expect(difference([folder, node("dev/null")], [folder, node("dev/null")]).drop).toEqual(["dev/null"]);
    expect(difference([{ path: "x" }], [node("x")])).toMatchObject({ drop: ["x"], send: ["", "x"] });
  });

  it("are told apart by their type", () => {
    const { entries } = catalogueOf(text(node("a"), node("b", "b"), { path: "p", type: "p" }));
    expect([...entries.values()].map(isDevice)).toEqual([false, true, true, false]);
  });
});
