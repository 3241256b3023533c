import fc from "fast-check";
import type { Catalogue } from "../../provider/observe/tree/catalogue";
import { treeDifference } from "../../provider/observe/tree/tree-difference";
import { catalogueOf } from "./catalogue-of";

/** A path in a tree that is only a model: what counts is its type, its time, and which file it is a name of. */
interface Node {
  type: "d" | "f" | "l";
  time: number;
  inode: number;
}
type Tree = Map<string, Node>;

const names = ["a", "b", "a/a", "a/b", "b/a", "a/a/a", "a/a/b", "a/b/a"];
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** Any choice of paths whose parents are folders, with few times and files, so that equal ones are common. */
const tree: fc.Arbitrary<Tree> = fc
  .tuple(
    ...names.map((name) =>
      fc.option(
        fc.record({
          name: fc.constant(name),
          type: fc.constantFrom<Node["type"]>("d", "f", "l"),
          time: fc.integer({ min: 1, max: 3 }),
          inode: fc.integer({ min: 1, max: 3 }),
        }),
      ),
    ),
  )
  .map((chosen) => {
    const made: Tree = new Map([["", { type: "d", time: 1, inode: 0 }]]);
    for (const node of chosen) {
      if (node === null || made.get(parentOf(node.name))?.type !== "d") continue;
      // A file has one type and one time, whichever of its names one looks at.
      const same = [...made.values()].find(
        ({ inode, type }) => type === "f" && node.type === "f" && inode === node.inode,
      );
      made.set(node.name, same ?? { type: node.type, time: node.time, inode: node.type === "f" ? node.inode : 0 });
    }
    return made;
  });

function catalogue(of: Tree): Catalogue {
  const links = (node: Node): number =>
    [...of.values()].filter((other) => node.type === "f" && other.inode === node.inode).length;
  const texts = [...of].map(([path, node]) => {
    const fields = [node.type, "644", 0, 0, 1, 8, node.time, 0, node.type === "f" ? links(node) : 1, node.inode];
    return `${fields.join("\t")}\0${path}\0\0`;
  });
  return catalogueOf(Buffer.from(`0\0${texts.join("")}`, "latin1"));
}

/** A folder's time follows what happens in it. */
function touch(tree: Tree, path: string): void {
  const parent = tree.get(parentOf(path));
  if (path !== "" && parent !== undefined) parent.time = 99;
}

function remove(tree: Tree, gone: string): void {
  for (const path of [...tree.keys()]) if (path === gone || path.startsWith(`${gone}/`)) tree.delete(path);
  touch(tree, gone);
}

/** A written path is a new file; names that are written together stay names of one. */
function write(tree: Tree, path: string, node: Node | undefined): void {
  if (node === undefined) throw new Error(`${path} is not in the source`);
  if (path !== "" && tree.get(parentOf(path))?.type !== "d") throw new Error(`${path} has no folder to stand in`);
  tree.set(path, { ...node, inode: node.type === "f" ? node.inode + 1000 : 0 });
  touch(tree, path);
}

/** What rm and tar make of a copy. */
function applied(source: Tree, copy: Tree, send: string[], drop: string[]): Tree {
  const result: Tree = new Map([...copy].map(([path, node]) => [path, { ...node }]));
  for (const path of drop) remove(result, path);
  for (const path of send) write(result, path, source.get(path));
  for (const path of send) Object.assign(result.get(path)!, { time: source.get(path)!.time });
  return result;
}

const described = (of: Tree): string[] =>
  [...catalogue(of).entries].map(([path, { signature }]) => `${path}\t${signature}`);

describe("any two trees", () => {
  const seed = Number(process.env.FC_SEED ?? Date.now() % 1_000_000);

  it(`are equal after what differs was sent and removed (seed ${seed})`, () => {
    fc.assert(
      fc.property(tree, tree, (source, copy) => {
        const { send, drop } = treeDifference(catalogue(source), catalogue(copy), Infinity);
        const result = applied(source, copy, send, drop);
        expect(described(result).sort()).toEqual(described(source).sort());
        const again = treeDifference(catalogue(source), catalogue(result), Infinity);
        expect([...again.send, ...again.drop]).toEqual([]);
      }),
      { numRuns: 3000, seed },
    );
  });
});
