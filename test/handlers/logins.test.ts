import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import { nspawnHost } from "../../provider/handlers";
import { accessForLogins } from "../../provider/handlers/logins";
import { redactor } from "../../provider/handlers/redactor";
import { configure } from "../../provider/handlers/stack-config";
import type { Properties } from "../../provider/handlers/state";
import { targetOf } from "../../provider/handlers/target-of";
import type { HostArgs } from "../../provider/model/args";
import { closeSessions } from "../../provider/remote/sessions";
import { hostArgs } from "../support/sample";
import { startServer, type TestServer } from "../support/ssh-server";
import { common } from "../support/arguments";

const [old, fresh] = [ed25519Pair(), ed25519Pair()];
const folder = mkdtempSync(join(tmpdir(), "nspawn-keys-"));
const keyFile = join(folder, "id_ed25519");
const servers: TestServer[] = [];

beforeEach(() => {
  writeFileSync(keyFile, fresh.privateKey);
  chmodSync(keyFile, 0o600);
});
afterEach(async () => {
  configure({ config: { get: () => undefined } });
  await closeSessions();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A host that lets these public keys in. */
async function host(...keys: string[]): Promise<TestServer> {
  const server = await startServer({ accepts: keys });
  servers.push(server);
  return server;
}

function args({ port, target }: TestServer, privateKey: string, authorizedKeys?: string[]): HostArgs {
  const connection = { host: "127.0.0.1", port, user: "root", hostKeys: target.hostKeys };
  return hostArgs({ connection, credentials: { privateKey }, authorizedKeys });
}

describe("a private key in a file", () => {
  const { connection } = hostArgs();
  const target = (path: string, credentials = {}) => targetOf({ ...connection, privateKeyFile: path }, credentials);

  it("is read when it is needed, and again when it has changed", () => {
    expect(target(keyFile)).toMatchObject({ privateKey: fresh.privateKey, privateKeyFile: keyFile });
    writeFileSync(keyFile, old.privateKey);
    expect(target(keyFile).privateKey).toBe(old.privateKey);
  });

  it("comes before the stack's key, and gives way to a key that is given itself", () => {
    configure({ config: { get: () => old.privateKey } });
    expect(target(keyFile).privateKey).toBe(fresh.privateKey);
    expect(targetOf(connection, {}).privateKey).toBe(old.privateKey);
    expect(target("/nowhere", { privateKey: old.privateKey })).toMatchObject({ privateKey: old.privateKey });
  });

  it("may be in the home folder", () => {
    expect(() => target("~/no-such-key-here")).toThrow(join(homedir(), "no-such-key-here"));
  });

  it("is refused when it is not there, when others can read it, and when it is no key's size", () => {
    expect(() => target("/nowhere/id")).toThrow(
      /cannot use ssh.privateKeyFile \/nowhere\/id: ENOENT.*\[NSPAWN_LOGIN\]$/,
    );
    chmodSync(keyFile, 0o644);
    expect(() => target(keyFile)).toThrow(/others can read it \(mode 0644\); chmod 600/);
    writeFileSync(keyFile, "x".repeat(70_000));
    expect(() => target(keyFile)).toThrow(/it has 70000 bytes, which no key has/);
  });

  it("never stands in what is stored", async () => {
    const given = { ...hostArgs(), ...common("host", "h"), connection: { ...connection, privateKeyFile: keyFile } };
    const { inputs, failures } = await nspawnHost.check({}, given);
    expect(failures).toEqual([]);
    expect(JSON.stringify(inputs)).toContain(keyFile);
    for (const line of fresh.privateKey.split("\n").filter((one) => one.length > 16 && !one.startsWith("-")))
      expect(JSON.stringify(inputs)).not.toContain(line);
  });
});

describe("a passphrase in a file", () => {
  const { connection } = hostArgs();
  const passphraseFile = join(folder, "passphrase");
  const target = (credentials = {}) =>
    targetOf({ ...connection, privateKeyFile: keyFile, privateKeyPasswordFile: passphraseFile }, credentials);
  beforeEach(() => {
    writeFileSync(passphraseFile, "canary-of-a-passphrase\n");
    chmodSync(passphraseFile, 0o600);
  });

  it("is read without its line break, of a jump host as well, and hidden in whatever is shown", () => {
    expect(target().passphrase).toBe("canary-of-a-passphrase");
    const proxy = { ...connection, privateKeyPasswordFile: passphraseFile };
    expect(targetOf({ ...connection, proxy }, {}).proxy?.passphrase).toBe("canary-of-a-passphrase");
    expect(redactor.hide("said canary-of-a-passphrase aloud")).toBe("said [secret] aloud");
  });

  it("is refused like a key's, under its own name", () => {
    chmodSync(passphraseFile, 0o604);
    expect(() => target()).toThrow(
      /cannot use ssh.privateKeyPasswordFile .*others can read it \(mode 0604\).*\[NSPAWN_LOGIN\]$/,
    );
    rmSync(passphraseFile);
    expect(() => target()).toThrow(/privateKeyPasswordFile .*ENOENT/);
  });
});

describe("keys that would keep the program itself out", () => {
  const check = async (changes: Properties): Promise<unknown[]> =>
    (await nspawnHost.check({}, { ...hostArgs(), ...common("host", "h"), ...changes })).failures;
  const authorizedKeys = [old.publicKey];
  const failure = [{ property: "authorizedKeys", reason: expect.stringContaining(fresh.publicKey) }];

  it("are refused in the preview", async () => {
    expect(await check({ authorizedKeys, credentials: { privateKey: fresh.privateKey } })).toEqual(failure);
    expect(await check({ authorizedKeys, credentials: { privateKey: old.privateKey } })).toEqual([]);
  });

  it("are refused of a key file and of the stack's key too", async () => {
    const { connection } = hostArgs();
    expect(await check({ authorizedKeys, connection: { ...connection, privateKeyFile: keyFile } })).toEqual(failure);
    configure({ config: { get: () => fresh.privateKey } });
    expect(await check({ authorizedKeys })).toEqual(failure);
  });

  it("are left to the confirmation where only the agent knows, or the key cannot be read here", async () => {
    const { connection } = hostArgs();
    expect(await check({ authorizedKeys })).toEqual([]);
    expect(await check({ authorizedKeys, connection: { ...connection, privateKeyFile: "/nowhere" } })).toEqual([]);
  });

  it("may have options and a comment", async () => {
    const line = `from="192.0.2.0/24" ${fresh.publicKey} operator`;
    expect(await check({ authorizedKeys: [line], credentials: { privateKey: fresh.privateKey } })).toEqual([]);
  });
});

describe("the way to a host whose keys change", () => {
  it("is the new key where it is let in", async () => {
    const server = await host(old.publicKey, fresh.publicKey);
    const way = await accessForLogins(args(server, old.privateKey), args(server, fresh.privateKey, [fresh.publicKey]));
    expect(way.options).toEqual({});
    expect(server.loggedIn).toEqual([fresh.publicKey]);
  });

  it("is the old key where the new one is not let in yet; the new one has to confirm", async () => {
    const server = await host(old.publicKey);
    const way = await accessForLogins(args(server, old.privateKey), args(server, fresh.privateKey, [fresh.publicKey]));
    expect(way.options.confirmAs).toMatchObject({ privateKey: fresh.privateKey });
    expect(server.loggedIn).toEqual([old.publicKey]);
  });

  it("is none where neither is, and the error speaks of the new one", async () => {
    const server = await host();
    const way = accessForLogins(args(server, old.privateKey), args(server, fresh.privateKey, [fresh.publicKey]));
    await expect(way).rejects.toMatchObject({ code: "NSPAWN_LOGIN" });
    expect(server.loggedIn).toEqual([]);
  });

  it("never is the old key where the keys are not the library's", async () => {
    const server = await host(old.publicKey);
    const way = await accessForLogins(args(server, old.privateKey), args(server, fresh.privateKey));
    await expect(way.session.open()).rejects.toMatchObject({ code: "NSPAWN_LOGIN" });
    expect(server.loggedIn).toEqual([]);
  });
});
