import { generateKeyPairSync } from "node:crypto";
import { parseHost } from "../../provider/model/parse-host";
import { keyIn } from "../../provider/model/rule/public-key";
import { changed, problemsOf } from "../support/refusal";
import { hostArgs, hostKeyText } from "../support/sample";

const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const body = pem.split("\n")[1]!;
const base = hostArgs();
const file = ["connection", "privateKeyFile"];

describe("the path of a private key", () => {
  it.each(["~/.ssh/id_ed25519", "/home/op/.ssh/id ed25519", "/k"])("%j is accepted", (path) => {
    const parsed = parseHost(changed(base, file, path));
    expect(parsed).toMatchObject({ ok: true, value: { connection: { privateKeyFile: path } } });
  });

  it.each(["id_ed25519", "./id", "../id", "~", "~op/.ssh/id", "~/", "/keys/", "", "/a\nb", "/a\0b", "file:///k", 7])(
    "%j is refused: it has to mean the same in every folder",
    (path) => {
      const problems = problemsOf(parseHost(changed(base, file, path)));
      expect(problems.map((problem) => problem.path)).toEqual(["connection.privateKeyFile"]);
      expect(problems[0]!.message).toMatch(/absolute path, or begin with ~\/|must be a text/);
    },
  );

  it("is not the key itself, which no error shows", () => {
    const [problem] = problemsOf(parseHost(changed(base, file, pem)));
    expect(problem!.message).toMatch(/a key itself is given as privateKey \(got a private key\)/);
    expect(problem!.message).not.toContain(body.slice(0, 8));
  });

  it("and a key are one too many, of the jump host as well", () => {
    const given = changed(changed(base, file, "~/.ssh/id"), ["credentials", "privateKey"], pem);
    expect(problemsOf(parseHost(given))).toEqual([
      { path: "connection.privateKeyFile", message: "give privateKey or privateKeyFile, not both" },
    ]);
    const jump = { host: "jump", hostKeys: [hostKeyText], privateKeyFile: "/k" };
    const twice = changed(changed(base, ["connection", "proxy"], jump), ["credentials", "proxy"], { privateKey: pem });
    expect(problemsOf(parseHost(twice)).map(({ path }) => path)).toEqual(["connection.proxy.privateKeyFile"]);
  });
});

describe("the path of a passphrase", () => {
  it("and a passphrase are one too many; a path follows the rules of a key's", () => {
    const given = changed(base, ["connection", "privateKeyPasswordFile"], "~/.ssh/passphrase");
    expect(problemsOf(parseHost(changed(given, ["credentials", "privateKeyPassword"], "sesame")))).toEqual([
      {
        path: "connection.privateKeyPasswordFile",
        message: "give privateKeyPassword or privateKeyPasswordFile, not both",
      },
    ]);
    for (const path of ["passphrase", "/a\nb", "/folder/", 7])
      expect(
        problemsOf(parseHost(changed(base, ["connection", "privateKeyPasswordFile"], path))).map((one) => one.path),
      ).toEqual(["connection.privateKeyPasswordFile"]);
  });
});

describe("the keys that log in", () => {
  const keys = (...lines: unknown[]) => changed(base, ["authorizedKeys"], lines);

  it("are lines of authorized_keys", () => {
    const line = `from="192.0.2.0/24" ${hostKeyText} an operator`;
    expect(parseHost(keys(`  ${line}\n`))).toMatchObject({ ok: true, value: { authorizedKeys: [line] } });
    expect(keyIn(line)).toBe(hostKeyText);
    expect(keyIn("# none")).toBeUndefined();
  });

  it("are at least one, and none twice", () => {
    expect(problemsOf(parseHost(keys()))).toEqual([
      { path: "authorizedKeys", message: "must have 1 to 100 elements (got 0); nobody could log in" },
    ]);
    expect(problemsOf(parseHost(keys(hostKeyText, hostKeyText)))[0]).toMatchObject({ path: "authorizedKeys[1]" });
  });

  it.each([`${hostKeyText}\n${hostKeyText}`, "ssh-dss AAAAB3NzaC1kc3M=", "", "SHA256:47DEQpj8HBSa", pem, 7])(
    "%j is not one",
    (line) => {
      const [problem, ...others] = problemsOf(parseHost(keys(line)));
      expect([problem!.path, others]).toEqual(["authorizedKeys[0]", []]);
      expect(problem!.message).not.toContain(body.slice(0, 8));
    },
  );
});
