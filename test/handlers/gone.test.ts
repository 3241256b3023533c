import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createListener, type AddressInfo } from "node:net";
import { bridgeNetwork } from "../../provider/handlers";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import { appliedOf, type Properties } from "../../provider/handlers/state";
import type { Desired } from "../../provider/model/desired";
import { closeSessions } from "../../provider/remote/sessions";
import { clientKey, startServer, type TestServer } from "../support/ssh-server";
import { bridgeArguments } from "../support/arguments";

const someKey = ed25519Pair().publicKey;
const before = { ...process.env };
let api: Server;
let sshd: TestServer | undefined;
let asked: string[] = [];
/** What stands at the API; each test has a server of its own, because an answer holds for a while. */
const servers = new Map<string, [status: number, body: object]>();
let last = 1000;

beforeAll(async () => {
  api = createServer((request, reply) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const [status, body] = servers.get(request.url?.split("/").at(-1) ?? "") ?? [500, {}];
    reply.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(api, "listening");
});
beforeEach(() => {
  asked = [];
  process.env.HCLOUD_TOKEN = "canary-token";
  process.env.HCLOUD_ENDPOINT = `http://127.0.0.1:${(api.address() as AddressInfo).port}/v1`;
});
afterEach(async () => {
  await closeSessions();
  await sshd?.stop();
  sshd = undefined;
});
afterAll(() => {
  process.env = before;
  api.close();
});

const gone: [number, object] = [404, { error: { code: "not_found", message: "server not found" } }];
const there: [number, object] = [200, { server: { id: 1 } }];

async function silentPort(): Promise<number> {
  const listener = createListener().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}

/** A bridge on a server of which the API says this. */
function bridgeOn(
  answer: [number, object],
  port: number,
  hostKeys = [someKey],
  instance = String((last += 1)),
): Properties {
  servers.set(instance, answer);
  const connection = { host: "127.0.0.1", port, user: "root", hostKeys, dialErrorLimit: 1, perDialTimeout: 8 };
  const credentials = { privateKey: clientKey.privateKey };
  return bridgeArguments({ host: { id: "shop/lab/host/host-1", instance }, connection, credentials });
}

const outputsOf = async (args: Properties): Promise<Properties> => {
  const { files, secretFiles, boot, live, ...own } = (await bridgeNetwork.check({}, args)).inputs;
  return { ...own, applied: appliedOf({ files, secretFiles, boot, live } as unknown as Desired) };
};

describe("a server that Hetzner has no more", () => {
  it("has nothing of ours: a refresh finds it gone", async () => {
    const outs = await outputsOf(bridgeOn(gone, await silentPort()));
    expect(await bridgeNetwork.read("id", outs)).toEqual({ id: "", props: {} });
    expect(asked).toEqual([`GET /v1/servers/${last} Bearer canary-token`]);
  });

  it("also where somebody else has its address now", async () => {
    sshd = await startServer();
    const outs = await outputsOf(bridgeOn(gone, sshd.port));
    expect(await bridgeNetwork.read("id", outs)).toEqual({ id: "", props: {} });
  });

  it("needs nothing taken back", async () => {
    await bridgeNetwork.delete("id", bridgeOn(gone, await silentPort()));
  });

  it("gets no change, and who wants one is told what makes it anew", async () => {
    const args = bridgeOn(gone, await silentPort());
    const { inputs } = await bridgeNetwork.check({}, { ...args, mtu: 1400 });
    await expect(bridgeNetwork.update("id", await outputsOf(args), inputs)).rejects.toMatchObject({
      code: "NSPAWN_REFUSED",
      message: expect.stringContaining("run `pulumi up --refresh`, which creates the server again"),
    });
  });

  it("is found out by a silence, before SSH gives up", async () => {
    // Takes connections and says nothing.
    const listener = createListener().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const began = Date.now();
    const outs = await outputsOf(bridgeOn(gone, (listener.address() as AddressInfo).port));
    expect(await bridgeNetwork.read("id", outs)).toEqual({ id: "", props: {} });
    expect(Date.now() - began).toBeLessThan(15_000);
    listener.close();
  }, 30_000);
});

describe("a server that may be there is none that is gone", () => {
  const failsWith = async (args: Properties, code: string): Promise<void> => {
    await expect(bridgeNetwork.read("id", await outputsOf(args))).rejects.toMatchObject({ code });
    await expect(bridgeNetwork.delete("id", args)).rejects.toMatchObject({ code });
  };

  it("when the API has it", async () => failsWith(bridgeOn(there, await silentPort()), "NSPAWN_REFUSED"));
  it("when the API fails", async () => failsWith(bridgeOn([503, {}], await silentPort()), "NSPAWN_REFUSED"));
  it("when what says 404 is not the API", async () =>
    failsWith(bridgeOn([404, {}], await silentPort()), "NSPAWN_REFUSED"));
  it("when there is no token", async () => {
    delete process.env.HCLOUD_TOKEN;
    await failsWith(bridgeOn(gone, await silentPort()), "NSPAWN_REFUSED");
    expect(asked).toEqual([]);
  });
  it("when it is no server of Hetzner's", async () => {
    await failsWith(bridgeOn(gone, await silentPort(), [someKey], "203.0.113.2:22"), "NSPAWN_REFUSED");
    expect(asked).toEqual([]);
  });
  it("and while it answers nobody is asked", async () => {
    sshd = await startServer();
    await bridgeNetwork.delete("id", bridgeOn(gone, sshd.port, sshd.target.hostKeys));
    expect(asked).toEqual([]);
  });
});

describe("forgetUnreachable", () => {
  it("in state makes a refresh find a silent host gone", async () => {
    const args = bridgeOn(there, await silentPort());
    const connection = { ...(args.connection as object), forgetUnreachable: true };
    expect(await bridgeNetwork.read("id", await outputsOf({ ...args, connection }))).toEqual({ id: "", props: {} });
  });

  it("in the program holds for what state does not know of it yet", async () => {
    const args = bridgeOn(there, await silentPort());
    const connection = { ...(args.connection as object), forgetUnreachable: true };
    await bridgeNetwork.check({}, { ...args, connection });
    await bridgeNetwork.delete("id", args);
  });

  it("promises nothing anew to a change of a host that is silent", async () => {
    const args = bridgeOn(there, await silentPort());
    const connection = { ...(args.connection as object), forgetUnreachable: true };
    const { inputs } = await bridgeNetwork.check({}, { ...args, connection, mtu: 1400 });
    await expect(bridgeNetwork.update("id", await outputsOf(args), inputs)).rejects.toMatchObject({
      message: expect.not.stringContaining("creates the server again"),
    });
  });
});
