import { createHash, randomBytes } from "node:crypto";
import type { ServerChannel } from "ssh2";
import type { Program } from "../../provider/plan/program";
import { pipe } from "../../provider/remote/pipe";
import { Session } from "../../provider/remote/session";
import { startServer, type TestServer } from "../support/ssh-server";

jest.setTimeout(60_000);

const program: Program = { steps: [{ verb: "lock" }], texts: {}, deadline: 50 };
const megabyte = 1024 * 1024;
const servers: TestServer[] = [];
const sessions: Session[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((one) => one.close()));
  await Promise.all(servers.splice(0).map((one) => one.stop()));
});

async function end(exec: (channel: ServerChannel) => void): Promise<{ session: Session; program: Program }> {
  const server = await startServer({ exec });
  const session = new Session(server.target);
  servers.push(server);
  sessions.push(session);
  return { session, program };
}

const hash = (data: Buffer): string => createHash("sha256").update(data).digest("hex");

/** Sends pieces as the host does, as fast as they are taken, and then what its report ends with. */
function sends(pieces: Buffer[], last: string, sent: { bytes: number } = { bytes: 0 }) {
  return (channel: ServerChannel): void => {
    const next = (index: number): void => {
      const piece = pieces[index];
      if (piece === undefined) return void channel.end(last);
      channel.write(Buffer.concat([Buffer.from(`data\t-\t${piece.length}\n`), piece, Buffer.from("\n")]), () => {
        sent.bytes += piece.length;
        next(index + 1);
      });
    };
    channel.resume();
    channel.on("end", () => next(0));
  };
}

/** What came after the program: its length as a line, and that many bytes. */
function withoutProgram(all: Buffer): Buffer {
  const newline = all.indexOf(10);
  return all.subarray(newline + 1 + Number(all.subarray(0, newline).toString()));
}

describe("data from one host to another", () => {
  const pieces = Array.from({ length: 32 }, () => randomBytes(megabyte));

  it("arrives as it was sent, and is counted", async () => {
    const from = await end(sends(pieces, "end\n"));
    const came: Buffer[] = [];
    const to = await end((channel) => {
      channel.on("data", (chunk: Buffer) => came.push(chunk));
      channel.on("end", () => channel.end("end\n"));
    });
    let passed = 0;
    await pipe(from, to, (bytes) => (passed = bytes));
    expect(passed).toBe(32 * megabyte);
    expect(hash(withoutProgram(Buffer.concat(came)))).toBe(hash(Buffer.concat(pieces)));
  });

  it("waits for a slow receiver instead of keeping everything in memory", async () => {
    const sent = { bytes: 0 };
    let taken = 0;
    let most = 0;
    const from = await end(sends(pieces, "end\n", sent));
    const to = await end((channel) => {
      channel.on("data", (chunk: Buffer) => {
        taken += chunk.length;
        most = Math.max(most, sent.bytes - taken);
        channel.pause();
        setTimeout(() => channel.resume(), 2);
      });
      channel.on("end", () => channel.end("end\n"));
    });
    await pipe(from, to, () => undefined);
    expect(taken).toBeGreaterThan(32 * megabyte);
    expect(most).toBeLessThan(16 * megabyte);
  });

  it("fails with the sender's failure, and cuts the receiver off", async () => {
    const failure = "error\tNSPAWN_STEP_FAILED\t6\nbroken\n";
    const from = await end(sends(pieces.slice(0, 3), failure));
    let closed = false;
    const to = await end((channel) => {
      channel.resume();
      channel.on("close", () => (closed = true));
    });
    await expect(pipe(from, to, () => undefined)).rejects.toMatchObject({ code: "NSPAWN_STEP_FAILED" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(closed).toBe(true);
  });

  it("fails with the receiver's failure, and ends the sender", async () => {
    let closed = false;
    const from = await end((channel) => {
      sends(Array<Buffer>(200).fill(pieces[0]!), "end\n")(channel);
      channel.on("close", () => (closed = true));
    });
    const to = await end((channel) => {
      channel.once("data", () => channel.end("error\tNSPAWN_DISK_FULL\t4\nfull\n"));
      channel.resume();
    });
    await expect(pipe(from, to, () => undefined)).rejects.toMatchObject({ code: "NSPAWN_DISK_FULL" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(closed).toBe(true);
  });
});
