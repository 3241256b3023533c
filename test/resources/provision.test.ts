import * as pulumi from "@pulumi/pulumi";
import { misplacedSecrets } from "../../provider/resources/provision-secrets";
import { isSecret, ofType, runProgram, withoutSecrets, type Modules } from "./run-program";

jest.setTimeout(60_000);

type Changes = (modules: Modules) => object;

/** The inputs of a machine, as the engine gets them. */
async function inputsOf(changes: Changes, preview = false): Promise<Record<string, any>> {
  const registered = await runProgram(
    (modules) => {
      const { nspawn } = modules;
      const host = new nspawn.NspawnHost("h", { ssh: { host: "203.0.113.5", hostKey: "ssh-ed25519 AAAAHOST" } });
      const image = nspawn.image.debootstrap({ suite: "trixie" });
      new nspawn.NspawnMachine("web", { host, networks: [], image, ...changes(modules) });
    },
    { preview },
  );
  return ofType(registered, "pulumi-nodejs:dynamic/nspawn:NspawnMachine")[0]!.inputs;
}

const files = [
  { path: "/etc/a", content: "a" },
  { path: "/etc/s", mode: "0600" },
];

describe("what is secret of users and provision", () => {
  it("is apart from the rest, which stays to be read", async () => {
    const inputs = await inputsOf(({ pulumi }) => ({
      users: [{ name: "ann", passwordHash: "hash" }, { name: "bob" }],
      provision: {
        files: [
          { path: "/etc/a", content: pulumi.output("a") },
          { path: "/etc/s", content: pulumi.secret("canary"), mode: "0600" },
        ],
        commands: ["true", ["echo", pulumi.output("x")]],
      },
    }));
    expect(isSecret(inputs.secrets)).toBe(true);
    expect(withoutSecrets(inputs.secrets)).toEqual({ passwords: { ann: "hash" }, files: { "/etc/s": "canary" } });
    expect(inputs.provision).toEqual({ files, commands: ["true", ["echo", "x"]] });
    expect(inputs.users).toEqual([{ name: "ann" }, { name: "bob" }]);
  });

  it("is not there where nothing is secret, and where nothing is done", async () => {
    const open = await inputsOf(() => ({ provision: { files: [files[0]] } }));
    expect([open.provision, open.secrets]).toEqual([{ files: [files[0]] }, undefined]);
    const none = await inputsOf(() => ({}));
    expect(Object.keys(none).filter((name) => ["users", "provision", "secrets"].includes(name))).toEqual([]);
  });

  it("is found in lists that are outputs themselves, all of which is secret then", async () => {
    const inputs = await inputsOf(({ pulumi }) => ({
      provision: {
        files: pulumi.secret([
          { path: "/etc/a", content: "a" },
          { path: "/etc/s", content: "canary", mode: "0600" },
        ]),
      },
      users: pulumi.output([{ name: "ann", passwordHash: "hash" }]),
    }));
    expect(withoutSecrets(inputs.secrets)).toEqual({
      passwords: { ann: "hash" },
      files: { "/etc/a": "a", "/etc/s": "canary" },
    });
    expect(inputs.provision).toEqual({ files: [{ path: "/etc/a" }, files[1]] });
    expect(inputs.users).toEqual([{ name: "ann" }]);
  });

  it("is refused anywhere else", async () => {
    const content = pulumi.secret("canary");
    const paths = async (given: object): Promise<string[]> => (await misplacedSecrets(given)).map(({ path }) => path);
    const commands = [pulumi.interpolate`x ${content}`];
    expect(
      await paths({ provision: { commands, files: [{ path: "/a", content }, { path: pulumi.secret("/b") }] } }),
    ).toEqual(["provision.commands", "provision.files[1]"]);
    expect(await paths({ provision: pulumi.secret({ commands: ["x"] }) })).toEqual(["provision"]);
    expect(await paths({ users: [{ name: "ann", passwordHash: content }, { name: pulumi.secret("bob") }] })).toEqual([
      "users[1]",
    ]);
    expect(await paths({ users: pulumi.secret([]), provision: pulumi.output({ commands: ["x"] }) })).toEqual([]);
    const [problem] = await misplacedSecrets({ provision: { commands } });
    expect(problem?.message).toMatch(/^has a secret; only the content of a file and a passwordHash may be one/);
  });
});
