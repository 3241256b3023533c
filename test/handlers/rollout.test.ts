import { Rollout, type Turn } from "../../provider/handlers/rollout";

const patience = { quiet: 30, gap: 200 };
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A fleet whose members are changed until the test says that they are ready. */
class Fleet {
  readonly rollout = new Rollout("web", patience);
  /** Names in the order in which they were begun. */
  readonly begun: string[] = [];
  readonly told: string[] = [];
  private readonly ends = new Map<string, (failure?: Error) => void>();

  constructor(private readonly most = 1) {}

  turn(name: string, unfinished = false): Turn {
    const tell = (progress: string): number => this.told.push(`${name} ${progress}`);
    return { member: `shop/lab/machine/${name}`, name, most: this.most, unfinished, tell };
  }

  work(name: string): () => Promise<void> {
    return () => {
      this.begun.push(name);
      return new Promise((resolve, reject) => {
        this.ends.set(name, (failure) => (failure === undefined ? resolve() : reject(failure)));
      });
    };
  }

  change(name: string, unfinished = false): Promise<string> {
    return told(this.rollout.change(this.turn(name, unfinished), this.work(name)));
  }

  create(name: string): Promise<string> {
    return told(this.rollout.create(this.turn(name), this.work(name)));
  }

  delete(name: string): Promise<string> {
    return told(this.rollout.delete(this.turn(name), this.work(name)));
  }

  async ready(name: string, failure?: Error): Promise<void> {
    this.ends.get(name)?.(failure);
    await pause(5);
  }

  async begins(names: string[]): Promise<void> {
    await pause(patience.quiet * 2);
    expect(this.begun).toEqual(names);
  }
}

/** What becomes of a call: `done`, or what its error says. */
const told = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "done",
    (error: Error) => error.message,
  );

describe("members of a fleet", () => {
  test.each([1, 2, 3])("are changed %i at a time, however many come at once", async (most) => {
    const fleet = new Fleet(most);
    const names = ["a", "b", "c", "d", "e"];
    const all = names.map((name) => fleet.change(name));
    for (let ready = 0; ready < names.length; ready++) {
      await fleet.begins(names.slice(0, Math.min(names.length, ready + most)));
      await fleet.ready(names[ready]!);
    }
    expect(await Promise.all(all)).toEqual(names.map(() => "done"));
  });

  test("are changed in the order of their numbers, however they come", async () => {
    const fleet = new Fleet(3);
    const all = ["w-10", "w-9", "w-2", "w-1"].map((name) => fleet.change(name));
    await fleet.begins(["w-1", "w-2", "w-9"]);
    for (const name of ["w-1", "w-2", "w-9", "w-10"]) await fleet.ready(name);
    expect(await Promise.all(all)).toEqual(["done", "done", "done", "done"]);
  });

  test("say for whom they wait", async () => {
    const fleet = new Fleet();
    const all = [fleet.change("a")];
    await fleet.begins(["a"]);
    all.push(fleet.change("b"));
    expect(fleet.told).toEqual([
      "a waits for its turn in the fleet web",
      "b waits for its turn in the fleet web, after a",
    ]);
    await fleet.ready("a");
    await fleet.ready("b");
    expect(await Promise.all(all)).toEqual(["done", "done"]);
  });

  test("stay as they are after one has failed, those that come later too", async () => {
    const fleet = new Fleet(2);
    const all = ["a", "b", "c", "d"].map((name) => fleet.change(name));
    await fleet.begins(["a", "b"]);
    await fleet.ready("a", new Error("not ready"));
    await fleet.ready("b");
    const refused = (name: string): unknown =>
      expect.stringMatching(new RegExp(`^${name} is as it was: a of the fleet web failed before it.*NSPAWN_FLEET`));
    expect(await Promise.all(all)).toEqual(["not ready", "done", refused("c"), refused("d")]);
    expect(await fleet.change("e")).toEqual(refused("e"));
    expect(fleet.begun).toEqual(["a", "b"]);
  });

  test("that an earlier run has left unfinished go first", async () => {
    const fleet = new Fleet();
    const all = [fleet.change("a"), fleet.change("b"), fleet.change("c", true)];
    await fleet.begins(["c"]);
    await fleet.ready("c", new Error("still broken"));
    expect((await Promise.all(all)).at(-1)).toBe("still broken");
    expect(fleet.begun).toEqual(["c"]);
  });

  test("wait until nobody else has come for a moment, and then no more", async () => {
    const fleet = new Fleet();
    const first = fleet.change("a");
    for (let times = 0; times < 4; times++) {
      await pause(patience.quiet / 2);
      fleet.rollout.heard();
    }
    expect(fleet.begun).toEqual([]);
    await fleet.begins(["a"]);
    fleet.rollout.heard();
    const second = fleet.change("b");
    await fleet.ready("a");
    expect(fleet.begun).toEqual(["a", "b"]);
    await fleet.ready("b");
    expect(await Promise.all([first, second])).toEqual(["done", "done"]);
  });
});

describe("new members of a fleet", () => {
  test("don't wait, and are waited for", async () => {
    const fleet = new Fleet();
    const all = [fleet.change("a"), fleet.create("x"), fleet.create("y")];
    await fleet.begins(["x", "y"]);
    await fleet.ready("x");
    expect(fleet.begun).toEqual(["x", "y"]);
    await fleet.ready("y");
    await fleet.begins(["x", "y", "a"]);
    await fleet.ready("a");
    expect(await Promise.all(all)).toEqual(["done", "done", "done"]);
  });

  test("keep a template that fails on them from all others", async () => {
    const fleet = new Fleet();
    const all = [fleet.change("a"), fleet.create("x")];
    await fleet.begins(["x"]);
    await fleet.ready("x", new Error("no such package"));
    expect(await Promise.all(all)).toEqual([expect.stringContaining("x of the fleet web failed"), "no such package"]);
  });
});

describe("a member that is replaced", () => {
  test("has its turn from its delete until it is ready again", async () => {
    const fleet = new Fleet();
    const all = [fleet.delete("a"), fleet.delete("b")];
    await fleet.begins(["a"]);
    await fleet.ready("a");
    await fleet.begins(["a"]);
    all.push(fleet.create("a"));
    await fleet.begins(["a", "a"]);
    await fleet.ready("a");
    await fleet.begins(["a", "a", "b"]);
    await fleet.ready("b");
    all.push(fleet.create("b"));
    await fleet.ready("b");
    expect(await Promise.all(all)).toEqual(["done", "done", "done", "done"]);
  });

  test("that can't be created again stops the others", async () => {
    const fleet = new Fleet();
    const all = [fleet.delete("a"), fleet.delete("b")];
    await fleet.begins(["a"]);
    await fleet.ready("a");
    all.push(fleet.create("a"));
    await fleet.ready("a", new Error("not ready"));
    expect(await Promise.all(all)).toEqual(["done", expect.stringContaining("a of the fleet web failed"), "not ready"]);
  });

  test("that nobody creates again, because the run has ended, keeps nobody waiting", async () => {
    const fleet = new Fleet();
    const all = [fleet.delete("a"), fleet.change("b")];
    await fleet.begins(["a"]);
    await fleet.ready("a");
    expect(await Promise.all(all)).toEqual(["done", expect.stringContaining("a of the fleet web failed")]);
  });
});
