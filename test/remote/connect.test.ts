import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { Server, type Connection } from "ssh2";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import { nspawnHost } from "../../provider/handlers";
import { connect } from "../../provider/remote/connect";
import { hangUp } from "../../provider/remote/ssh/watch";
import type { Target } from "../../provider/remote/target";
import { hostArgs } from "../support/sample";
import { common } from "../support/arguments";
import { sendPacket } from "./flood";
import { clientKey, startServer, type TestServer, unpinned } from "../support/ssh-server";

const waits: number[] = [];
jest.mock("node:timers/promises", () => ({
  setTimeout: (milliseconds: number) => Promise.resolve(waits.push(milliseconds)),
}));

const stops: (() => unknown)[] = [];
afterEach(async () => {
  waits.length = 0;
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function server(...args: Parameters<typeof startServer>): Promise<TestServer> {
  const started = await startServer(...args);
  stops.push(() => started.stop());
  return started;
}

/** What an attempt to connect ends as, and what is shown meanwhile. */
async function outcome(
  target: Target,
  newServer: boolean,
  seconds = 300,
): Promise<{ error?: { code: string; message: string }; shown: string[] }> {
  const shown: string[] = [];
  try {
    hangUp(await connect(target, { seconds, newServer, progress: (text) => shown.push(text) }));
    return { shown };
  } catch (error) {
    return { error: error as { code: string; message: string }, shown };
  }
}

describe("a refused key", () => {
  it("is offered to a new server four times in 50 seconds, and then no more: servers ban after five", async () => {
    const host = await server({ refuseLogin: true });
    const { error, shown } = await outcome(host.target, true);
    expect(error).toMatchObject({
      code: "NSPAWN_LOGIN",
      message: expect.stringMatching(/refused the login of root .*\(4 attempts in \d+ s\)/),
    });
    expect([host.connections, waits]).toEqual([4, [5000, 15_000, 30_000]]);
    expect(shown[0]).toBe("waiting for SSH on 127.0.0.1, which refuses the key so far (0 s)");
  });

  it("is taken by a new server as soon as it has it", async () => {
    const accepts: string[] = [];
    const host = await server({ accepts });
    const { error } = await outcome(host.target, false);
    expect(error?.code).toBe("NSPAWN_LOGIN");
    accepts.push(clientKey.publicKey.split(" ").slice(0, 2).join(" "));
    expect(await outcome(host.target, true)).toEqual({ shown: [] });
  });

  it("is offered once to a host that is no new server", async () => {
    const host = await server({ refuseLogin: true });
    expect((await outcome(host.target, false)).error).toMatchObject({ code: "NSPAWN_LOGIN" });
    expect([host.connections, waits]).toEqual([1, []]);
  });

  it("is offered once to a jump host before a new server", async () => {
    const jump = await server({ refuseLogin: true });
    const { error } = await outcome({ ...jump.target, port: 1, proxy: jump.target }, true);
    expect(error).toMatchObject({ code: "NSPAWN_LOGIN" });
    expect([jump.connections, waits]).toEqual([1, []]);
  });

  it.each([
    ["an existing host", "127.0.0.1:22", 1],
    ["a server of the cloud", "4711", 4],
  ])("of a NspawnHost on %s", async (_what, instance, connections) => {
    const host = await server({ refuseLogin: true });
    const { port, hostKeys } = host.target;
    const inputs = {
      ...hostArgs(),
      ...common("host", "home"),
      host: { id: "shop/lab/host/home", instance },
      connection: { host: "127.0.0.1", port, user: "root", hostKeys },
      credentials: { privateKey: clientKey.privateKey },
    };
    await expect(nspawnHost.create(inputs)).rejects.toMatchObject({ code: "NSPAWN_LOGIN" });
    expect(host.connections).toBe(connections);
  });
});

describe("what can never succeed ends before anything is sent", () => {
  it.each<[string, Partial<Record<keyof Target, unknown>>, string]>([
    ["no user", { user: undefined }, "no login on 127.0.0.1 can be tried: ssh.user is missing (got undefined)"],
    ["an empty user", { user: "" }, "ssh.user is missing (got )"],
    ["no port", { port: undefined }, "ssh.port has to be a number from 1 to 65535 (got undefined)"],
    ["a port that is none", { port: 65_536 }, "(got 65536)"],
    ["neither host nor user", { host: "", user: undefined }, "ssh.host is missing (got ); ssh.user is missing"],
  ])("%s", async (_what, changes, says) => {
    const host = await server();
    const { error } = await outcome({ ...host.target, ...changes } as Target, true);
    expect(error).toMatchObject({ code: "NSPAWN_INVALID_INPUT", message: expect.stringContaining(says) });
    expect((await outcome({ ...host.target, proxy: { ...host.target, ...changes } as Target }, true)).error?.code).toBe(
      "NSPAWN_INVALID_INPUT",
    );
    expect([host.connections, waits]).toEqual([0, []]);
  });
});

const banner = (text: string): Buffer => {
  const length = (of: number): Buffer => Buffer.from([0, 0, of >> 8, of & 255]);
  return Buffer.concat([Buffer.of(53), length(Buffer.byteLength(text)), Buffer.from(text), length(0)]);
};

/** sshd with PAM: says something to who has the right key, and ends the connection. */
async function turnsAway(says: string[]): Promise<{ target: Target; attempts: () => number }> {
  let attempts = 0;
  const server = new Server({ hostKeys: [ed25519Pair().privateKey] }, (connection: Connection) => {
    connection.on("error", () => undefined);
    connection.on("authentication", (context) => {
      if (context.method !== "publickey") return context.reject(["publickey"]);
      const text = says[attempts];
      attempts += 1;
      if (text === undefined) return context.accept();
      sendPacket((connection as unknown as { _protocol: Parameters<typeof sendPacket>[0] })._protocol, banner(text));
      connection.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const target = unpinned(port);
  return { target, attempts: () => attempts };
}

describe("what a server says while it lets in", () => {
  it("is the reason when it ends the login: an expired account", async () => {
    const said = "Your account has expired; please contact your system administrator.\n";
    const { target, attempts } = await turnsAway([said, said]);
    const { error } = await outcome(target, true);
    expect(error?.message).toMatch(
      /^127\.0\.0\.1 ended the login of root; it said: "Your account has expired; .*administrator\."; .*chage -l root.*\[NSPAWN_LOGIN\]$/,
    );
    expect([attempts(), waits]).toEqual([1, []]);
  });

  it("is waited for when it passes: a host that is booting", async () => {
    const { target, attempts } = await turnsAway([
      "System is booting up. Unprivileged users are not permitted to log in yet. Please come back later.",
      "System is going down. Unprivileged users are not permitted to log in anymore.",
    ]);
    expect(await outcome(target, false)).toMatchObject({
      shown: [expect.stringContaining("waiting for SSH"), expect.anything()],
    });
    expect(attempts()).toBeGreaterThan(2);
  });

  it("is passed on when it is said in the place of a version, harmless", async () => {
    const listener = createServer(
      (socket: Socket) => void socket.on("error", () => undefined).end("Not allowed at this time\u001b[2J\r\n"),
    );
    await once(listener.listen(0, "127.0.0.1"), "listening");
    stops.push(() => listener.close());
    const { port } = listener.address() as AddressInfo;
    const target = unpinned(port);
    const { error } = await outcome(target, false, 0);
    expect(error).toMatchObject({
      code: "NSPAWN_UNREACHABLE",
      message: expect.stringContaining('it said: "Not allowed at this time\\u{1b}[2J"; check'),
    });
  });
});
