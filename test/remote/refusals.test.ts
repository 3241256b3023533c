import { createServer, type AddressInfo, type Server } from "node:net";
import { once } from "node:events";
import { generateKeyPairSync } from "node:crypto";
import { utils, type Algorithms, type ParsedKey } from "ssh2";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import { Session } from "../../provider/remote/session";
import { loginOf } from "../../provider/remote/ssh/login-key";
import type { Target } from "../../provider/remote/target";
import { startServer, type TestServer } from "../support/ssh-server";

const servers: { stop(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

async function server(...args: Parameters<typeof startServer>): Promise<TestServer> {
  const started = await startServer(...args);
  servers.push(started);
  return started;
}

async function tcp(listener: Server): Promise<number> {
  await once(listener.listen(0, "127.0.0.1"), "listening");
  servers.push({ stop: () => Promise.resolve(listener.close()) });
  return (listener.address() as AddressInfo).port;
}

/** Why a call fails. */
async function refusal(target: Target, patience = 0): Promise<{ code: string; message: string }> {
  const session = new Session(target);
  try {
    await session.open({ patience });
    return { code: "none", message: "" };
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  } finally {
    await session.close();
  }
}

const fails = (code: string, message: RegExp): object => ({ code, message: expect.stringMatching(message) });

describe("what is not reached", () => {
  it("is told apart: refused, silent, ended, without an address", async () => {
    const host = await server();
    const closed = { ...host.target, port: await closedPort() };
    expect(await refusal(closed)).toEqual(fails("NSPAWN_REFUSED", /ECONNREFUSED.*check that sshd runs there/));
    const silent = { ...host.target, port: await tcp(createServer()), perDialTimeout: 0.3 };
    expect(await refusal(silent)).toEqual(fails("NSPAWN_UNREACHABLE", /timed out: no login prompt within 0.3 s/));
    const ended = { ...host.target, port: await tcp(createServer((socket) => socket.destroy())) };
    expect(await refusal(ended)).toEqual(fails("NSPAWN_UNREACHABLE", /cannot reach SSH on/));
    const nowhere = { ...host.target, host: "no-such-host.invalid" };
    expect(await refusal(nowhere)).toEqual(fails("NSPAWN_NAME_NOT_FOUND", /check ssh.host and the name servers/));
  });

  it("has words also where a name has several addresses", async () => {
    const named = { ...(await server()).target, host: "localhost", port: await closedPort() };
    expect(await refusal(named)).toEqual(fails("NSPAWN_REFUSED", /localhost port \d+: .*ECONNREFUSED/));
  });
});

async function closedPort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}

describe("behind a jump host", () => {
  const through = async (forward: NonNullable<Parameters<typeof startServer>[0]>["forward"]): Promise<Target> => {
    const jump = await server({ forward });
    return { ...(await server()).target, host: "inner", proxy: jump.target, perDialTimeout: 1 };
  };

  it("a host that never answers is given up", async () => {
    const target = await through((connection) => connection.on("tcpip", () => undefined));
    expect(await refusal(target)).toEqual(
      fails("NSPAWN_UNREACHABLE", /inner .*through the proxy: no connection within 1 s/),
    );
  });

  it("a host that the jump host does not reach is not reached", async () => {
    const target = await through((connection) => connection.on("tcpip", (_accept, reject) => reject()));
    expect(await refusal(target)).toEqual(fails("NSPAWN_UNREACHABLE", /inner port|does not forward/));
  });
});

describe("a login that is refused", () => {
  it("is told apart from a key that cannot be used, for which nothing is sent", async () => {
    const host = await server({ refuseLogin: true });
    expect(await refusal(host.target)).toEqual(
      fails("NSPAWN_LOGIN", /refused the login of root with the given private key/),
    );
    const { connections } = host;
    const encrypted = utils.generateKeyPairSync("ed25519", {
      passphrase: "sesame",
      cipher: "aes256-ctr",
      rounds: 8,
    }).private;
    const unusable: [Partial<Target>, RegExp][] = [
      [{ privateKey: encrypted }, /needs its passphrase; give it as privateKeyPassword/],
      [{ privateKey: encrypted, passphrase: "wrong" }, /cannot be opened with the given privateKeyPassword/],
      [{ privateKey: "nonsense" }, /is not a key in OpenSSH's or PEM form/],
      [{ privateKey: ed25519Pair().publicKey }, /is a public key/],
      [{ privateKey: "nonsense", privateKeyFile: "~/.ssh/id" }, /the private key in ~\/.ssh\/id is not a key/],
    ];
    for (const [changes, message] of unusable) {
      expect(await refusal({ ...host.target, ...changes }, 30)).toEqual(fails("NSPAWN_LOGIN", message));
    }
    expect(host.connections).toBe(connections);
  });

  it("is told apart from an agent that is not there", async () => {
    const host = await server();
    const target = { ...host.target, privateKey: undefined, agentSocketPath: "/nowhere/agent.sock" };
    expect(await refusal(target)).toEqual(
      fails("NSPAWN_LOGIN", /the SSH agent at \/nowhere\/agent.sock does not help: Failed to connect/),
    );
  });

  it("uses an RSA key with SHA-2, never with SHA-1", async () => {
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    const host = await server();
    const target = { ...host.target, privateKey };
    expect(await refusal(target)).toMatchObject({ code: "none" });
    expect(host.loggedIn).toEqual([expect.stringMatching(/^ssh-rsa /)]);
    const [method] = loginOf(target).authHandler as unknown as { key: ParsedKey }[];
    expect(method?.key.sign(Buffer.of(1), "sha256")).toBeInstanceOf(Buffer);
    expect(method?.key.sign(Buffer.of(1), "sha1")).toMatchObject({ message: expect.stringContaining("SHA-1 only") });
  });
});

describe("a server that only offers what is not safe any more", () => {
  const rsa = utils.generateKeyPairSync("rsa", { bits: 2048 });
  const old: [string, Algorithms, RegExp][] = [
    ["key exchange by SHA-1", { kex: ["diffie-hellman-group14-sha1"] }, /no matching key exchange.*curve25519-sha256/],
    ["a group of 1024 bits", { kex: ["diffie-hellman-group1-sha1"] }, /no matching key exchange/],
    ["CBC", { cipher: ["aes128-cbc", "aes256-cbc"] }, /cipher, allowed are aes128-gcm/],
    ["MAC by SHA-1", { cipher: ["aes128-ctr"], hmac: ["hmac-sha1"] }, /MAC, allowed are hmac-sha2-256-etm/],
    ["compression", { compress: ["zlib"] }, /compression, allowed are none/],
    ["host keys signed by SHA-1", { serverHostKey: ["ssh-rsa"] }, /host key/],
  ];
  it.each(old)("is refused: %s", async (_name, algorithms, message) => {
    const host = await server({ algorithms, hostKeys: algorithms.serverHostKey && [rsa.private] });
    const target = { ...host.target, hostKeys: [], acceptNewHostKey: true };
    expect(await refusal(target)).toEqual(fails("NSPAWN_ALGORITHMS", message));
    expect(host.loginAttempts).toBe(0);
  });

  it("is another thing than one without the pinned key's type", async () => {
    const host = await server();
    const target = { ...host.target, hostKeys: [rsa.public] };
    expect(await refusal(target)).toEqual(fails("NSPAWN_HOST_KEY", /no host key of the pinned type/));
  });
});
