import type { Catalogue } from "../../provider/observe/tree/catalogue";
import { pathsText } from "../../provider/plan/paths-text";
import { treeDifference } from "../../provider/observe/tree/tree-difference";
import { catalogueOf } from "./catalogue-of";

interface Path {
  type?: string;
  mode?: string;
  size?: number;
  time?: number;
  changed?: number;
  links?: number;
  inode?: number;
  target?: string;
}

/** A catalogue as find(1) would print it. */
function catalogue(clock: number, paths: Record<string, Path>): Catalogue {
  const texts = Object.entries<Path>({ "": { type: "d" }, ...paths }).map(([path, of]) => {
    const { type = "f", mode = "644", size = 10, time = 5, changed = time, links = 1, inode = 1, target = "" } = of;
    return `${[type, mode, 0, 0, size, 8, time, changed, links, inode].join("\t")}\0${path}\0${target}\0`;
  });
  return catalogueOf(Buffer.from(`${clock}\0${texts.join("")}`, "latin1"));
}

const difference = (source: Record<string, Path>, copy: Record<string, Path>, since = Infinity) =>
  treeDifference(catalogue(0, source), catalogue(0, copy), since);

describe("what makes a copy equal to its source", () => {
  it("is nothing when they are equal", () => {
    const tree = { etc: { type: "d" }, "etc/a": {}, "etc/l": { type: "l", target: "a" } };
    expect(difference(tree, tree)).toEqual({ send: [], drop: [], bytes: 0 });
  });

  it("is what is new or differs in type, mode, size, time or target, with the directories above it", () => {
    const copy = {
      a: { type: "d" },
      "a/b": { type: "d" },
      "a/b/c": {},
      "a/l": { type: "l", target: "x" },
      "a/same": {},
    };
    const paths = (change: Record<string, Path>) => difference({ ...copy, ...change }, copy).send;
    expect(paths({ "a/b/new": {} })).toEqual(["", "a", "a/b", "a/b/new"]);
    for (const change of [{ mode: "600" }, { size: 11 }, { time: 5.000000001 }]) {
      expect(paths({ "a/b/c": change })).toEqual(["", "a", "a/b", "a/b/c"]);
    }
    expect(paths({ "a/l": { type: "l", target: "y" } })).toEqual(["", "a", "a/l"]);
  });

  it("drops what is gone or is something else, once for a whole folder", () => {
    const copy = { d: { type: "d" }, "d/x": {}, "d/y": {}, f: {} };
    const { send, drop } = difference({ f: { type: "d" } }, copy);
    expect(drop).toEqual(["d", "f"]);
    expect(send).toEqual(["", "f"]);
  });

  it("sends what looks equal but changed since the copy was begun: an access list may have", () => {
    const tree = { a: { changed: 100 }, b: { changed: 200 } };
    expect(difference(tree, tree, 150).send).toEqual(["", "b"]);
    expect(difference(tree, tree, 102).send).toEqual(["", "a", "b"]);
  });

  it("sends all names of a file together, and counts it once", () => {
    const copy = { a: { links: 2, inode: 7 }, b: { links: 2, inode: 7 }, c: {} };
    const source = { ...copy, b: { links: 2, inode: 7 }, a: { links: 2, inode: 7 }, c: { time: 6 } };
    expect(difference(source, copy).send).toEqual(["", "c"]);
    const changed = {
      a: { links: 2, inode: 7, time: 6, size: 90, blocks: 8 },
      b: { links: 2, inode: 7, time: 6, size: 90 },
    };
    expect(difference({ ...copy, ...changed }, copy)).toEqual({ send: ["", "a", "b"], drop: [], bytes: 90 });
  });

  it("tells two names of one file from two equal files", () => {
    const one = {
      a: { links: 2, inode: 7 },
      b: { links: 2, inode: 7 },
      c: { links: 2, inode: 8 },
      d: { links: 2, inode: 8 },
    };
    const other = {
      a: { links: 2, inode: 7 },
      c: { links: 2, inode: 7 },
      b: { links: 2, inode: 8 },
      d: { links: 2, inode: 8 },
    };
    expect(difference(one, other).send).toEqual(["", "a", "b", "c", "d"]);
  });

  it("takes names that are no UTF-8 through as the bytes that they are", () => {
    const name = "odd\nname\t\xff";
    const { send } = difference({ [name]: {} }, {});
    expect(Buffer.from(pathsText(send), "base64").toString("latin1")).toBe(`./\0./${name}\0`);
  });
});
