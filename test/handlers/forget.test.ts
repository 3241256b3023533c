import { connect, createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { bridgeNetwork } from "../../provider/handlers";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import { appliedOf, type Properties } from "../../provider/handlers/state";
import type { Desired } from "../../provider/model/desired";
import { closeSessions } from "../../provider/remote/sessions";
import { clientKey, startServer, type TestServer } from "../support/ssh-server";
import { bridgeArguments } from "../support/arguments";

const servers: TestServer[] = [];
afterEach(async () => {
  await closeSessions();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function server(behaviour: Parameters<typeof startServer>[0] = {}): Promise<TestServer> {
  const started = await startServer(behaviour);
  servers.push(started);
  return started;
}

/** A port at which nobody listens. */
async function silentPort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}

const at = (port: number, hostKeys: string[], more: Properties = {}): Properties => ({
  host: "127.0.0.1",
  port,
  user: "root",
  hostKeys,
  dialErrorLimit: 1,
  ...more,
});

const remove = (connection: Properties): Promise<void> => {
  const credentials = { privateKey: clientKey.privateKey, proxy: { privateKey: clientKey.privateKey } };
  return bridgeNetwork.delete("id", bridgeArguments({ connection, credentials }));
};
const someKey = ed25519Pair().publicKey;
const forgetUnreachable = true;

describe("a deletion on a host that cannot be reached", () => {
  it("fails, and says what to do when the host is gone for good", async () => {
    const failed = remove(at(await silentPort(), [someKey]));
    await expect(failed).rejects.toMatchObject({
      code: "NSPAWN_REFUSED",
      message: expect.stringMatching(/forgetUnreachable: true on its NspawnHost, run `up`, .*\[NSPAWN_REFUSED\]$/),
    });
  });

  it("is done where the program says that the host is gone", async () => {
    await remove(at(await silentPort(), [someKey], { forgetUnreachable }));
  });

  it("is done when the jump host answers and the host behind it does not", async () => {
    const jump = await server({ forward: (connection) => connection.on("tcpip", (_accept, reject) => reject()) });
    const proxy = at(jump.port, jump.target.hostKeys);
    await remove(at(await silentPort(), [someKey], { forgetUnreachable, proxy }));
    expect(jump.connections).toBeGreaterThan(0);
  });

  it("fails when it is the jump host that does not answer", async () => {
    const proxy = at(await silentPort(), [someKey]);
    const failed = remove(at(22, [someKey], { forgetUnreachable, proxy }));
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_REFUSED" });
  });
});

describe("a host that is there is never forgotten", () => {
  it("when it shows another key", async () => {
    const { port } = await server();
    const failed = remove(at(port, [someKey], { forgetUnreachable }));
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_HOST_KEY" });
  });

  it("when it shows another key behind a jump host", async () => {
    const { port } = await server();
    const jump = await server({
      forward: (connection) =>
        connection.on("tcpip", (accept) => {
          const channel = accept();
          const socket = connect(port, "127.0.0.1");
          channel.pipe(socket).pipe(channel);
          socket.on("error", () => channel.close());
          channel.on("error", () => socket.destroy());
        }),
    });
    const proxy = at(jump.port, jump.target.hostKeys);
    const failed = remove(at(port, [someKey], { forgetUnreachable, proxy }));
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_HOST_KEY" });
  });

  it("when it refuses the login", async () => {
    const { port, target } = await server({ refuseLogin: true });
    const failed = remove(at(port, target.hostKeys, { forgetUnreachable }));
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_LOGIN" });
  });

  it("when it ends the connection in the middle", async () => {
    const { port, target } = await server({ exec: (channel) => channel.close() });
    const failed = remove(at(port, target.hostKeys, { forgetUnreachable }));
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_CONNECTION_LOST" });
  });

  it("and does what it is told when it answers", async () => {
    const { port, target, commands } = await server();
    await remove(at(port, target.hostKeys, { forgetUnreachable }));
    expect(commands).toHaveLength(1);
  });
});

test("the argument changes state alone, which needs no host", async () => {
  const before = at(await silentPort(), [someKey]);
  const { files, secretFiles, boot, live, ...args } = (
    await bridgeNetwork.check({}, bridgeArguments({ connection: before }))
  ).inputs;
  const outs = { ...args, applied: appliedOf({ files, secretFiles, boot, live } as unknown as Desired) };
  const connection = { ...before, forgetUnreachable };
  const { inputs, failures } = await bridgeNetwork.check({}, bridgeArguments({ connection }));
  expect(failures).toEqual([]);
  expect(await bridgeNetwork.diff("id", outs, inputs)).toMatchObject({ changes: true, replaces: [] });
  // State leaves out that it is root.
  const { user, ...kept } = connection as Properties;
  expect(user).toBe("root");
  expect((await bridgeNetwork.update("id", outs, inputs)).outs.connection).toEqual(kept);
});
