import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ServerChannel } from "ssh2";
import type { Program } from "../../provider/plan/program";
import { pipe } from "../../provider/remote/pipe";
import type { Report } from "../../provider/remote/report";
import { Session } from "../../provider/remote/session";
import {
  flood,
  globalRequest,
  manyHostKeys,
  memory,
  numberOf,
  protocolOf,
  repeat,
  sendPacket,
  socketOf,
} from "./flood";
import { startServer, type TestServer } from "../support/ssh-server";

jest.setTimeout(120_000);

const program: Program = { steps: [{ verb: "lock" }], texts: {}, deadline: 60 };
const servers: TestServer[] = [];
const sessions: Session[] = [];
const figures: string[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((one) => one.close()));
  await Promise.all(servers.splice(0).map((one) => one.stop()));
});
afterAll(() => void process.stderr.write(`hostile hosts: ${figures.join("; ")}\n`));

async function host(exec?: (channel: ServerChannel) => void): Promise<Session> {
  const server = await startServer({ exec });
  const session = new Session(server.target);
  servers.push(server);
  sessions.push(session);
  return session;
}

/** Calls of another host as long as the first lasts; how many of them went well. */
async function meanwhile(done: () => boolean): Promise<number> {
  const other = await host();
  let calls = 0;
  do {
    expect((await other.apply(program)).failure).toBeUndefined();
    calls += 1;
  } while (!done());
  return calls;
}

/** One call of a hostile host, beside calls of another one. */
async function attacked(name: string, exec: (channel: ServerChannel) => void, of = program): Promise<Report> {
  const session = await host(exec);
  await session.open();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const used = memory();
  let ended = false;
  const call = session.apply(of).finally(() => (ended = true));
  const [report, others] = await Promise.all([call, meanwhile(() => ended)]);
  const megabytes = used.stop();
  delay.disable();
  figures.push(`${name}: ${Math.round(megabytes)} MB, loop ${Math.round(delay.max / 1e6)} ms, ${others} other calls`);
  expect(megabytes).toBeLessThan(400);
  expect(others).toBeGreaterThan(0);
  return report;
}

describe("a host that does not write our report, beside one that does", () => {
  it.each([
    ["a record without end", "x", "a line has more than 65536 bytes"],
    ["progress without end", `progress\t${"p".repeat(90)}\n`, "records have more than 67108864 bytes"],
    ["warnings without end", `warning\t${"w".repeat(1000)}\n`, "records have more than 67108864 bytes"],
    ["results without end", `result\tfacts\t1000\n${"x".repeat(1000)}\n`, "1000 bytes, \\d+ are allowed"],
    ["errors without end", `error\tNSPAWN_BUSY\t1000\n${"x".repeat(1000)}\n`, "1000 bytes, \\d+ are allowed"],
    ["a negative length", "result\tfacts\t-1\n", "is no number"],
    ["noise", "\0\u001b[2J\n", "there is no such record as"],
  ])("%s", async (name, text, says) => {
    const { failure, results } = await attacked(name, (channel) => repeat(channel, text));
    expect(failure).toMatchObject({ code: "NSPAWN_REPORT" });
    expect(failure?.message).toMatch(new RegExp(`^127.0.0.1: .*${says}`));
    expect(results.size).toBe(0);
  });

  it("success after an error", async () => {
    const { failure } = await attacked("an error and an end", (channel) => {
      channel.resume();
      channel.write("error\tNSPAWN_BUSY\t1\nx\nend\n"); // and leaves it open
    });
    expect(failure).toMatchObject({ code: "NSPAWN_REPORT" });
  });

  it("more than nothing on standard error", async () => {
    const { failure } = await attacked("standard error without end", (channel) => {
      channel.resume();
      const piece = Buffer.alloc(30_000, "x");
      const next = (error?: Error | null): void => void (error ?? channel.stderr.write(piece, next));
      next();
    });
    expect(failure?.message).toMatch(/more than 1048576 bytes came on its standard error.*NSPAWN_REPORT/);
  });

  it("an end, and then nothing, without closing", async () => {
    const { failure } = await attacked(
      "never closing",
      (channel) => void channel.resume().write("progress\tone\nend\n"),
      {
        ...program,
        deadline: 1,
      },
    );
    expect(failure).toMatchObject({ code: "NSPAWN_DEADLINE" });
  });
});

describe("a host that goes on after the end of a call", () => {
  it("loses its connection when it floods a channel that is closed", async () => {
    let flooded = { sent: 0 };
    const session = await host((channel) => {
      channel.write("nothing of ours\n");
      const data = Buffer.alloc(30_000, "x");
      flooded = flood(channel, () => protocolOf(channel).channelData(numberOf(channel), data), data.length);
    });
    expect((await session.apply(program)).failure).toMatchObject({ code: "NSPAWN_REPORT" });
    const [server] = servers;
    while (server?.live.size !== 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(flooded.sent).toBeGreaterThan(16e6);
    expect(flooded.sent).toBeLessThan(1e9);
  });
});

describe("a host that breaks the protocol's own rules", () => {
  it.each<[string, (channel: ServerChannel) => void, string]>([
    [
      "data of a kind that nobody reads",
      (channel) => {
        const data = Buffer.alloc(30_000, "x");
        flood(channel, () => protocolOf(channel).channelExtData(numberOf(channel), data, 7), data.length);
      },
      "it sent more than 32 MiB that nobody asked for",
    ],
    [
      "questions without end",
      (channel) => {
        const question = globalRequest("x", Buffer.alloc(30_000), true);
        flood(channel, () => sendPacket(protocolOf(channel), question), question.length);
      },
      "it sent more than 32 MiB that nobody asked for",
    ],
    [
      "host keys without end",
      (channel) => {
        const keys = manyHostKeys();
        flood(channel, () => sendPacket(protocolOf(channel), keys), keys.length);
      },
      "it offers host keys without end",
    ],
  ])("%s", async (name, attack, says) => {
    const { failure } = await attacked(name, attack);
    expect(failure?.message).toMatch(new RegExp(`${says}.*NSPAWN_REPORT`));
  });

  it("more data than the other side takes, without waiting", async () => {
    const used = memory();
    const from = await host((channel) => {
      const piece = Buffer.concat([Buffer.from("data\t-\t29000\n"), Buffer.alloc(29_000, "x"), Buffer.from("\n")]);
      flood(channel, () => protocolOf(channel).channelData(numberOf(channel), piece), piece.length);
    });
    const to = await host((channel) => void channel.pause()); // takes nothing
    const copy = pipe({ session: from, program }, { session: to, program }, () => undefined);
    await expect(copy).rejects.toThrow(/it sent more than 32 MiB that nobody asked for.*NSPAWN_REPORT/);
    expect(used.stop()).toBeLessThan(400);
  });

  it("takes everything without reading it", async () => {
    const used = memory();
    const from = await host((channel) => {
      channel.resume();
      channel.on("end", () => repeat(channel, `data\t-\t50000\n${"x".repeat(50_000)}\n`));
    });
    const to = await host((channel) => {
      // It allows gigabytes, and then does not read.
      protocolOf(channel).channelWindowAdjust(numberOf(channel), 2 ** 32 - 1 - 2 * 1024 * 1024);
      setTimeout(() => socketOf(channel).pause(), 50);
    });
    const copy = pipe({ session: from, program }, { session: to, program }, () => undefined);
    await expect(copy).rejects.toThrow(/it does not take what it asked for.*NSPAWN_REPORT/);
    expect(used.stop()).toBeLessThan(500);
  });
});
