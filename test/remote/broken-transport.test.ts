import type { Socket } from "node:net";
import { Session } from "../../provider/remote/session";
import { respond, startServer, type TestServer } from "../support/ssh-server";
import { TcpProxy } from "./tcp-proxy";

const program = { steps: [], texts: {}, deadline: 1 };
/** What a transport that breaks may end as. */
const codes = ["NSPAWN_UNREACHABLE", "NSPAWN_CONNECTION_LOST", "NSPAWN_DEADLINE"];

jest.setTimeout(120_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ exec: (channel) => respond(channel, "progress\tone\nend\n") });
});
afterAll(() => server.stop());

/** One call by way of a proxy; its outcome, and how many bytes of the server went through. */
async function call(pass?: Parameters<typeof TcpProxy.before>[1], more = {}): Promise<[string | undefined, number]> {
  const proxy = await TcpProxy.before(server.port, pass);
  const session = new Session({ ...server.target, port: proxy.port, perDialTimeout: 3, ...more });
  const outcome = await session.apply(program, { patience: 0 }).then(
    (report) => report.failure?.code,
    (error: { code: string }) => error.code,
  );
  await session.close();
  await proxy.stop();
  return [outcome, proxy.passed];
}

/** Each of the first bytes, where the version and the first packet are, and then at every few. */
function* places(whole: number): Generator<number> {
  for (let at = 0; at < whole; at += at < 64 ? 4 : 97) yield at;
}

const cutAt =
  (at: number, end: (client: Socket) => void) =>
  (piece: Buffer, client: Socket, passed: number): void => {
    if (passed < at) client.write(piece.subarray(0, at - passed));
    if (passed + piece.length >= at) end(client);
  };

test("closed at a byte, a call ends with an error of the table, and only the whole is success", async () => {
  const [success, whole] = await call();
  expect(success).toBeUndefined();
  expect(whole).toBeGreaterThan(1000);
  // What follows the report (the ends of channel and connection) is not waited for.
  for (const at of places(whole - 300)) {
    const [outcome] = await call(cutAt(at, (client) => client.destroy()));
    expect([at, codes.includes(outcome ?? "success")]).toEqual([at, true]);
  }
});

test("silent from a byte on, a call ends at its deadline", async () => {
  for (const at of [0, 10, 200, 900, 1400]) {
    const [outcome] = await call(
      cutAt(at, () => undefined),
      { perDialTimeout: 0.5 },
    );
    expect([at, codes.includes(outcome ?? "success")]).toEqual([at, true]);
  }
});

test("one byte a second is too slow to log in", async () => {
  const [outcome, passed] = await call(
    (piece, client) =>
      [...piece].forEach((byte, at) => setTimeout(() => client.write(Buffer.of(byte)), at * 1000).unref()),
    { perDialTimeout: 2 },
  );
  expect(outcome).toBe("NSPAWN_UNREACHABLE");
  expect(passed).toBeGreaterThan(0);
});

test("a report at one byte a second ends at the deadline of the call", async () => {
  const slow = await startServer({
    exec: (channel) => {
      channel.resume();
      const letters = [..."progress\tone\nend\n"];
      const timer = setInterval(() => void channel.write(letters.shift() ?? ""), 1000);
      channel.on("close", () => clearInterval(timer));
    },
  });
  const session = new Session(slow.target);
  expect((await session.apply({ ...program, deadline: 2 })).failure).toMatchObject({ code: "NSPAWN_DEADLINE" });
  await session.close();
  await slow.stop();
});
