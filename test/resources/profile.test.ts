import { machineNames } from "../../provider/resources/machine-args";
import { noList } from "../../provider/resources/profile";
import { unknownArguments, type ArgumentNames } from "../../provider/resources/unknown-arguments";
import { ofType, runProgram, type Modules } from "./run-program";

jest.setTimeout(60_000);

const debug = {
  settings: { exec: { capability: ["CAP_SYS_PTRACE"], environment: { LEVEL: "1", A: "a" } } },
  restart: "always",
};
const small = { limits: { memoryMax: 2 ** 29, tasksMax: 300 }, settings: { exec: { environment: { LEVEL: "2" } } } };

async function inputsOf(own: (modules: Modules) => object): Promise<Record<string, unknown>> {
  const registered = await runProgram((modules) => {
    const { nspawn } = modules;
    const host = new nspawn.NspawnHost("home", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAAPINNED" } });
    const image = nspawn.image.debootstrap({ suite: "trixie" });
    new nspawn.NspawnMachine("web", { host, networks: [], image, ...own(modules) });
  });
  return ofType(registered, "pulumi-nodejs:dynamic/nspawn:NspawnMachine")[0]!.inputs;
}

describe("a machine's profiles", () => {
  it("are laid over each other in order, and what the machine says counts most", async () => {
    const own = { profiles: [debug, small], limits: { tasksMax: 400 }, restart: "no" };
    expect(await inputsOf(() => own)).toMatchObject({
      settings: { exec: { capability: ["CAP_SYS_PTRACE"], environment: { LEVEL: "2", A: "a" } } },
      limits: { memoryMax: 2 ** 29, tasksMax: 400 },
      restart: "no",
    });
    const { settings, restart } = await inputsOf(() => ({ profiles: [small, debug] }));
    expect(settings).toMatchObject({ exec: { environment: { LEVEL: "1" } } });
    expect(restart).toBe("always");
  });

  it("add to lists, each entry once", async () => {
    const of = (...capability: string[]) => ({ settings: { exec: { capability } } });
    const { settings } = await inputsOf(() => ({
      profiles: [of("CAP_SYS_PTRACE"), of("CAP_SYS_PTRACE", "CAP_BPF")],
      ...of("CAP_SYSLOG"),
    }));
    expect(settings).toEqual({ exec: { capability: ["CAP_SYS_PTRACE", "CAP_BPF", "CAP_SYSLOG"] } });
  });

  it("may be outputs, whole or in part", async () => {
    const { limits } = await inputsOf(({ pulumi }) => ({
      profiles: [{ limits: pulumi.output({ memoryMax: 2 ** 29, tasksMax: 300 }) }],
      limits: { tasksMax: pulumi.output(500) },
    }));
    expect(limits).toEqual({ memoryMax: 2 ** 29, tasksMax: 500 });
  });

  it("leave a machine without any as it is", async () => {
    const plain = await inputsOf(() => ({}));
    expect(await inputsOf(() => ({ profiles: [] }))).toEqual(plain);
    expect(plain).not.toHaveProperty("profiles");
  });

  it.each<[object, string]>([
    [{ profiles: [{ memory: 1 }] }, "profiles[0].memory"],
    [{ profiles: [small, { host: "x" }] }, "profiles[1].host"],
  ])("%j has what no profile has", (args, path) => {
    expect(unknownArguments(args, machineNames as ArgumentNames)).toEqual([
      { path, message: expect.stringMatching(/^is not an argument/) as string },
    ]);
  });

  it.each(["docker", { docker: true }])("%j is no list of them", (profiles) => {
    expect(noList(profiles)).toMatchObject([
      { path: "profiles", message: expect.stringMatching(/must be a list/) as string },
    ]);
    expect(noList([])).toEqual([]);
  });
});
