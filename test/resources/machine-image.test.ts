import * as engine from "../../provider/handlers/engine";
import { common } from "../support/arguments";
import type * as Nspawn from "../../provider";
import { ofType, runProgram, valueOf, withoutSecrets, type Registered } from "./run-program";

jest.setTimeout(60_000);

const dynamic = (type: string) => `pulumi-nodejs:dynamic/nspawn:${type}`;

type Make = (nspawn: typeof Nspawn, host: Nspawn.NspawnHost, web: Nspawn.NspawnMachine) => unknown;

/** What a program registers with a machine, and what is made of it. */
function made(make: Make): Promise<Registered[]> {
  return runProgram(({ nspawn }) => {
    const host = new nspawn.NspawnHost("one", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 A" } });
    const image = nspawn.image.debootstrap({ suite: "trixie" });
    return make(nspawn, host, new nspawn.NspawnMachine("web", { host, networks: [], machineName: "shop", image }));
  });
}

describe("a machine image", () => {
  it("passes on which machine it is, and machines that are made of it wait for it", async () => {
    const registered = await made(async (nspawn, host, source) => {
      const golden = new nspawn.MachineImage("golden", { host, source, version: "2" });
      expect(nspawn.image.from(golden)).toBe(golden.image);
      const copy = new nspawn.NspawnMachine("copy", { host, networks: [], image: golden.image });
      await valueOf(copy.os);
    });
    const [image] = ofType(registered, dynamic("MachineImage"));
    expect(withoutSecrets(image!.inputs)).toMatchObject({
      ...{ owner: "shop/test/image/golden", name: "golden", version: "2", live: false, keep: false },
      source: { owner: "shop/test/machine/web", machine: "shop" },
    });
    const order = registered.map(({ type, name }) => `${type} ${name}`);
    const at = (type: string, name: string): number => order.indexOf(`${dynamic(type)} ${name}`);
    expect(at("NspawnMachine", "web")).toBeLessThan(at("MachineImage", "golden"));
    expect(at("MachineImage", "golden")).toBeLessThan(at("NspawnMachine", "copy"));
    const copies = ofType(registered, dynamic("NspawnMachine"));
    expect(copies.find(({ name }) => name === "copy")?.inputs.image).toEqual({
      ...{ kind: "published", name: "golden", version: "2" },
    });
  });

  it("is declared once for a name and version of a host", async () => {
    let failure: any;
    await made((nspawn, host, source) => {
      new nspawn.MachineImage("a", { host, source, name: "golden" });
      new nspawn.MachineImage("b", { host, source, name: "golden", version: "2" });
      new nspawn.MachineImage("c", { host, source, name: "golden" });
    }).catch((error: unknown) => (failure = error));
    expect(failure).toMatchObject({ code: "NSPAWN_INVALID_INPUT" });
    expect(failure.message).toContain(
      'image golden of version 1 on shop/test/host/one is used twice: by MachineImage "a"',
    );
  });
});

describe("the arguments of a machine image", () => {
  const source = { owner: "shop/lab/machine/web", machine: "web" };
  const argumentsOf = (more: object = {}) => ({ ...common("image", "golden"), name: "golden", source, ...more });
  const says = async (more: object): Promise<string[]> => {
    const { failures } = await engine.machineImage.check({}, argumentsOf(more));
    return failures.map(({ reason }) => reason);
  };

  it.each<[object, RegExp]>([
    [{ version: "a b" }, /version: must be a version: letters, digits/],
    [{ version: "../1" }, /version: must be a version/],
    [{ name: "a/b" }, /name: must/],
    [{ live: "yes" }, /live: must be true or false/],
    [{ source: { ...source, machine: "../x" } }, /source: must/],
    [{ sources: 1 }, /sources\.value: is not an argument/],
  ])("are refused: %j", async (more, expected) => expect(await says(more)).toEqual([expect.stringMatching(expected)]));

  it("replace it where name, version or host is another, and nothing else does", async () => {
    const inputs = async (more: object = {}) => (await engine.machineImage.check({}, argumentsOf(more))).inputs;
    const before = await inputs();
    const replaces = async (more: object) =>
      (await engine.machineImage.diff("id", { ...before, applied: "x" }, await inputs(more))).replaces;
    expect(await replaces({ version: "2" })).toEqual(["version"]);
    expect(await replaces({ name: "other" })).toEqual(["name"]);
    expect(await replaces({ source: { ...source, machine: "db" }, live: true, keep: true })).toEqual([]);
    expect(before.live).toEqual({ image: "golden 1" });
  });
});
