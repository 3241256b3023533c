import { inTurn } from "../../provider/handlers/in-turn";
import { machineKind } from "../../provider/handlers/nspawn-machine";
import { provider as handlersOf } from "../../provider/handlers/provider";
import { appliedOf, type Properties } from "../../provider/handlers/state";
import type { Desired } from "../../provider/model/desired";
import { machineArguments } from "../support/arguments";

type Call = [method: string, name: string];

/** The handlers, but that nothing is done on a host: what is called is noted, and lasts until the test lets it end. */
function world() {
  const calls: Call[] = [];
  const ends: (() => void)[] = [];
  const called = <T>(method: string, of: Properties, result: T): Promise<T> => {
    calls.push([method, of.name as string]);
    return new Promise((resolve) => ends.push(() => resolve(result)));
  };
  const handlers = inTurn(machineKind, {
    ...handlersOf(machineKind),
    create: (inputs) => called("create", inputs, { id: "", outs: inputs }),
    update: (_id, _olds, news) => called("update", news, { outs: news }),
    delete: (_id, olds) => called("delete", olds, undefined),
  });
  return { calls, ends, handlers };
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** More than others are waited for. */
const quiet = 1300;

function member(fleet: string | undefined, name: string, changes: Properties = {}): Properties {
  const owner = `shop/lab/machine/${name}`;
  return machineArguments({ name, owner, ...(fleet !== undefined && { fleet: { name: fleet } }), ...changes });
}

/** State as it is after a create of these arguments. */
async function held({ handlers }: ReturnType<typeof world>, args: Properties): Promise<Properties> {
  const { inputs } = await handlers.check({}, args);
  const { files, boot, live, ...own } = inputs;
  const applied = appliedOf({ files, boot, live, secretFiles: {} } as unknown as Desired);
  return { ...own, applied };
}

describe("machines of a fleet", () => {
  test("are changed in turn, and those of no fleet at once", async () => {
    const at = world();
    const change = async (fleet: string | undefined, name: string): Promise<unknown> => {
      const olds = await held(at, member(fleet, name));
      const { inputs } = await at.handlers.check({}, member(fleet, name, { timezone: "Europe/Berlin" }));
      return at.handlers.update("id", olds, inputs);
    };
    const all = [change("one", "a"), change("one", "b"), change(undefined, "c"), change(undefined, "d")];
    await pause(quiet);
    expect(at.calls.map(([, name]) => name).sort()).toEqual(["a", "c", "d"]);
    for (const end of at.ends.splice(0)) end();
    await pause(20);
    expect(at.calls.at(-1)).toEqual(["update", "b"]);
    for (const end of at.ends.splice(0)) end();
    await Promise.all(all);
  });

  test("don't wait for what only rewrites state", async () => {
    const at = world();
    const states = await Promise.all(["a", "b"].map((name) => held(at, member("two", name))));
    for (const [index, name] of ["a", "b"].entries())
      void at.handlers.update(
        "id",
        states[index]!,
        (await at.handlers.check({}, member("two", name, { onDelete: "keep" }))).inputs,
      );
    await pause(20);
    expect(at.calls).toEqual([
      ["update", "a"],
      ["update", "b"],
    ]);
  });

  test("are deleted at once when they are wanted no more, and in turn when they are replaced", async () => {
    const at = world();
    const gone = ["x", "y"].map((name) => member("three", name));
    for (const olds of gone) void at.handlers.delete("id", { ...olds, applied: "" });
    await pause(20);
    expect(at.calls).toEqual([
      ["delete", "x"],
      ["delete", "y"],
    ]);
    const states = await Promise.all(["a", "b"].map((name) => held(at, member("three", name))));
    for (const olds of states) void at.handlers.delete("id", olds);
    await pause(quiet);
    expect(at.calls.slice(2)).toEqual([["delete", "a"]]);
    at.ends.at(-1)?.();
    await pause(20);
    void at.handlers.create(member("three", "a"));
    await pause(20);
    expect(at.calls.slice(2)).toEqual([
      ["delete", "a"],
      ["create", "a"],
    ]);
    at.ends.at(-1)?.();
    await pause(20);
    expect(at.calls.at(-1)).toEqual(["delete", "b"]);
  });

  test("are deleted at once by a program that has them created before", async () => {
    const at = world();
    const states = await Promise.all(["a", "b"].map((name) => held(at, member("six", name))));
    for (const name of ["a", "b"]) void at.handlers.create(member("six", name));
    for (const end of at.ends.splice(0)) end();
    await pause(20);
    for (const olds of states) void at.handlers.delete("id", olds);
    await pause(20);
    expect(at.calls.slice(2)).toEqual([
      ["delete", "a"],
      ["delete", "b"],
    ]);
  });

  test("that are unlike what was declared go first", async () => {
    const at = world();
    const [a, b] = await Promise.all(["a", "b"].map((name) => held(at, member("four", name))));
    const news = await Promise.all(
      ["a", "b"].map((name) => at.handlers.check({}, member("four", name, { hostname: "other" }))),
    );
    void at.handlers.update("id", a!, news[0]!.inputs);
    void at.handlers.update("id", { ...b, applied: "otherwise" }, news[1]!.inputs);
    await pause(quiet);
    expect(at.calls).toEqual([["update", "b"]]);
  });

  test("have no difference when the fleet is another, or there was none", async () => {
    const at = world();
    const olds = await held(at, member(undefined, "a"));
    const { inputs } = await at.handlers.check(
      olds,
      member("five", "a", { fleet: { name: "five", maxUnavailable: 3 } }),
    );
    expect(inputs.fleet).toEqual({ name: "five", maxUnavailable: 3 });
    expect((await at.handlers.diff("id", olds, inputs)).changes).toBe(false);
    const member1 = await held(at, member("five", "a"));
    expect(member1.fleet).toEqual({ name: "five" });
    expect((await at.handlers.diff("id", member1, inputs)).changes).toBe(false);
  });
});
