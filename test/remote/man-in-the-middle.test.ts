import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import { Session } from "../../provider/remote/session";
import { startServer, type TestServer } from "../support/ssh-server";
import { plainMessages, TcpProxy } from "./tcp-proxy";

const [disconnect, kexInit, newKeys, ecdhInit] = [1, 20, 21, 30];
const program = { steps: [], texts: { secret: "canary-5f0e" }, deadline: 20 };

let proxy: TcpProxy;
let server: TestServer;
let session: Session;
afterEach(async () => {
  await session.close();
  await proxy.stop();
  await server.stop();
});

/** Everything that a client which pins this key sends to the server, by way of a proxy that sees it. */
async function sentBy(hostKeys: string[], behind: TestServer): Promise<{ sent: Buffer; failure: unknown }> {
  server = behind;
  proxy = await TcpProxy.before(server.port);
  session = new Session({ ...server.target, port: proxy.port, hostKeys });
  const failure = await session.apply(program, { patience: 0 }).then(
    (report) => report.failure,
    (error: unknown) => error,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { sent: Buffer.concat(proxy.sent), failure };
}

/** A private key that shows a public key of somebody else. */
function pretending(publicKey: string): string {
  const own = ed25519Pair();
  const point = (key: string): Buffer => Buffer.from(key.split(" ")[1] ?? "", "base64").subarray(-32);
  const body = Buffer.from(own.privateKey.replace(/-----.*-----|\n/g, ""), "base64").toString("latin1");
  const [from, to] = [own.publicKey, publicKey].map((key) => point(key).toString("latin1")) as [string, string];
  const forged = Buffer.from(body.replaceAll(from, to), "latin1").toString("base64");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${forged}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

test("whoever shows another key gets no byte after the key exchange", async () => {
  const { sent, failure } = await sentBy([ed25519Pair().publicKey], await startServer());
  expect(failure).toMatchObject({ code: "NSPAWN_HOST_KEY" });
  const { numbers, encrypted } = plainMessages(sent);
  expect(numbers.slice(0, 2)).toEqual([kexInit, ecdhInit]);
  expect(numbers.slice(2).every((number) => number === disconnect)).toBe(true);
  expect(encrypted).toBe(0);
  expect([server.loginAttempts, server.commands, server.loggedIn]).toEqual([0, [], []]);
});

test("whoever shows the pinned key and does not have it gets none either", async () => {
  const { publicKey } = ed25519Pair();
  const { sent, failure } = await sentBy([publicKey], await startServer({ hostKeys: [pretending(publicKey)] }));
  expect(failure).toMatchObject({ code: "NSPAWN_HOST_KEY", message: expect.stringContaining("could not prove") });
  const { numbers, encrypted } = plainMessages(sent);
  // ssh2 says that its keys are ready before it looks at the proof; with these keys nothing is sent.
  expect(numbers.slice(2).every((number) => [newKeys, disconnect].includes(number))).toBe(true);
  expect(encrypted).toBe(0);
  expect(server.loginAttempts).toBe(0);
});

test("the host itself gets all of it: the proxy would have seen it", async () => {
  const honest = await startServer();
  const { sent, failure } = await sentBy(honest.target.hostKeys, honest);
  expect(failure).toBeUndefined();
  const { numbers, encrypted } = plainMessages(sent);
  expect(numbers).toEqual([kexInit, ecdhInit, newKeys]);
  expect(encrypted).toBeGreaterThan(1000);
  expect(sent.toString("latin1")).not.toContain("canary-5f0e");
});
