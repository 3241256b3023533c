import type * as Nspawn from "../../provider";
import { runProgram } from "./run-program";

jest.setTimeout(60_000);

/** The error of a program with these machines of one host, in the order of their names, or undefined. */
async function errorOf(machines: Record<string, string[]>, elsewhere: Record<string, string[]> = {}): Promise<any> {
  let failure: any;
  await runProgram(({ nspawn }) => {
    const host = (name: string) =>
      new nspawn.NspawnHost(name, { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 A" } });
    const make = (on: Nspawn.NspawnHost, all: Record<string, string[]>) => {
      for (const [machineName, startAfter] of Object.entries(all))
        new nspawn.NspawnMachine(`${machineName}-${all === machines}`, {
          ...{ host: on, networks: [], machineName, image: nspawn.image.debootstrap({ suite: "trixie" }) },
          startAfter,
        });
    };
    try {
      make(host("one"), machines);
      make(host("two"), elsewhere);
    } catch (error) {
      failure = error;
    }
  }).catch((error: unknown) => (failure ??= error));
  return failure;
}

describe("machines that start after each other", () => {
  test.each<[string, Record<string, string[]>, string]>([
    ["two", { a: ["b"], b: ["a"] }, "b after a after b is a circle"],
    ["three, with others beside", { a: ["x", "b"], b: ["c"], c: ["y", "a"] }, "c after a after b after c is a circle"],
  ])("in a circle of %s are refused in the preview", async (_, machines, message) => {
    const error = await errorOf(machines);
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", path: "startAfter" });
    expect(error.message).toContain(message);
    expect(error.message).toContain("leave one out of startAfter");
  });

  test.each<[string, Record<string, string[]>]>([
    ["one after all", { db: [], cache: ["db"], web: ["db", "cache"] }],
    ["names that are of another stack", { web: ["db"] }],
    ["later ones", { web: ["db"], db: [] }],
  ])("in no circle are not: %s", async (_, machines) => expect(await errorOf(machines)).toBeUndefined());

  test("on two hosts have nothing to do with each other", async () => {
    expect(await errorOf({ a: ["b"] }, { b: ["a"] })).toBeUndefined();
  });
});
