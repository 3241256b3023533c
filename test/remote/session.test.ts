import { createServer, connect as connectTcp } from "node:net";
import { once } from "node:events";
import { utils, type ServerChannel } from "ssh2";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import type { Program } from "../../provider/plan/program";
import { hostCommand } from "../../provider/host/command";
import { Session } from "../../provider/remote/session";
import { counters } from "../../provider/remote/trace";
import { respond, startServer, type TestServer, unpinned } from "../support/ssh-server";

const program: Program = { steps: [{ verb: "lock" }], texts: { secret: "canary-3b1f" }, deadline: 20 };
const servers: TestServer[] = [];
const sessions: Session[] = [];

async function server(...args: Parameters<typeof startServer>): Promise<TestServer> {
  const started = await startServer(...args);
  servers.push(started);
  return started;
}

function session(...args: ConstructorParameters<typeof Session>): Session {
  const made = new Session(...args);
  sessions.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((one) => one.close()));
  await Promise.all(servers.splice(0).map((one) => one.stop()));
});

describe("host keys", () => {
  it("ends the connection before authentication when the key is another one, and shows both fingerprints", async () => {
    const host = await server();
    const pinned = ed25519Pair().publicKey;
    const failed = session({ ...host.target, hostKeys: [pinned] }).apply(program, { patience: 0 });
    const error = await failed.catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: "NSPAWN_HOST_KEY" });
    expect((error as Error).message.match(/SHA256:[A-Za-z0-9+/]{43}/g)).toHaveLength(2);
    expect(host.loginAttempts).toBe(0);
    expect(host.commands).toEqual([]);
  });

  it("asks for the pinned key's type when the host has several", async () => {
    const ecdsa = utils.generateKeyPairSync("ecdsa", { bits: 256 });
    const ed25519 = ed25519Pair();
    const host = await server({ hostKeys: [ed25519.privateKey, ecdsa.private] });
    const report = await session({ ...host.target, hostKeys: [ecdsa.public] }).apply(program);
    expect(report.failure).toBeUndefined();
  });

  it("refuses a host that has no key of the pinned type", async () => {
    const ecdsa = utils.generateKeyPairSync("ecdsa", { bits: 256 });
    const host = await server();
    const failed = session({ ...host.target, hostKeys: [ecdsa.public] }).apply(program, { patience: 0 });
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_HOST_KEY" });
    expect(host.loginAttempts).toBe(0);
  });

  it("refuses every key when none is pinned, unless a new one is accepted", async () => {
    const host = await server();
    const open = { ...host.target, hostKeys: [] };
    await expect(session(open).apply(program, { patience: 0 })).rejects.toMatchObject({ code: "NSPAWN_HOST_KEY" });
    const report = await session({ ...open, acceptNewHostKey: true }).apply(program);
    expect(report.failure).toBeUndefined();
  });
});

describe("reaching a host", () => {
  it("says NSPAWN_UNREACHABLE when nothing listens, and how often it tried", async () => {
    const host = await server();
    await host.stop();
    const failed = session(host.target).apply(program, { patience: 1 });
    await expect(failed).rejects.toThrow(/cannot reach SSH on 127.0.0.1 port \d+: .*\(\d attempts in \d s\)/);
  });

  it("gives up on a peer that accepts and stays silent", async () => {
    const silent = createServer(() => undefined);
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as { port: number };
    const target = unpinned(port);
    const failed = session({ ...target, perDialTimeout: 0.3 }).apply(program, { patience: 0 });
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_UNREACHABLE" });
    silent.close();
  });

  it("waits for a host that is still booting", async () => {
    const first = await server();
    await first.stop();
    setTimeout(() => void server({ hostKeys: undefined }, first.port), 700);
    const progress: string[] = [];
    const target = { ...first.target, hostKeys: [], acceptNewHostKey: true };
    const report = await session(target).apply(program, { patience: 20, progress: (text) => progress.push(text) });
    expect(report.failure).toBeUndefined();
    expect(progress[0]).toMatch(/waiting for SSH on 127.0.0.1/);
  });

  it("says NSPAWN_LOGIN when the key is refused, at once", async () => {
    const host = await server({ refuseLogin: true });
    const failed = session(host.target).apply(program, { patience: 20 });
    await expect(failed).rejects.toMatchObject({ code: "NSPAWN_LOGIN" });
    expect(host.connections).toBe(1);
  });

  it("says what is missing when there is neither a key nor an agent", async () => {
    const host = await server();
    const { SSH_AUTH_SOCK: agent } = process.env;
    delete process.env.SSH_AUTH_SOCK;
    const failed = session({ ...host.target, privateKey: undefined }).apply(program, { patience: 0 });
    await expect(failed).rejects.toThrow(/neither a private key nor an agent/);
    if (agent !== undefined) process.env.SSH_AUTH_SOCK = agent;
  });

  it("goes through a jump host", async () => {
    const host = await server();
    const jump = await server({
      forward: (connection) =>
        void connection.on("tcpip", (accept, _reject, info) => {
          const channel = accept();
          const socket = connectTcp(info.destPort, info.destIP);
          socket.on("error", () => channel.close());
          channel.on("error", () => socket.destroy());
          channel.pipe(socket).pipe(channel);
        }),
    });
    const report = await session({ ...host.target, proxy: jump.target }).apply(program);
    expect(report.failure).toBeUndefined();
    expect([host.connections, jump.connections]).toEqual([1, 1]);
  });
});

describe("programs", () => {
  it("sends one constant command; texts travel on stdin", async () => {
    const received: Buffer[] = [];
    const host = await server({
      exec: (channel) => {
        channel.on("data", (chunk: Buffer) => received.push(chunk));
        channel.on("end", () => {
          channel.write("end\n");
          channel.exit(0);
          channel.end();
        });
      },
    });
    await session(host.target).apply(program);
    expect(host.commands).toEqual([hostCommand()]);
    expect(hostCommand()).not.toContain("canary");
    expect(Buffer.concat(received).toString("latin1")).toContain("canary-3b1f");
  });

  it("keeps one connection for many calls, eight channels at once", async () => {
    const host = await server({ exec: (channel) => respond(channel, "end\n", 30) });
    const one = session(host.target);
    const before = counters.connections;
    const reports = await Promise.all(Array.from({ length: 30 }, () => one.apply(program)));
    expect(reports.every((report) => report.failure === undefined)).toBe(true);
    expect(host.connections).toBe(1);
    expect(counters.connections - before).toBe(1);
    expect(host.mostChannels).toBe(8);
  });

  it("reads facts once until the next change", async () => {
    const host = await server();
    const one = session(host.target);
    await Promise.all([one.facts(program), one.facts(program)]);
    await one.facts(program);
    expect(host.commands).toHaveLength(1);
    await one.apply(program);
    await one.facts(program);
    expect(host.commands).toHaveLength(3);
  });

  it("connects anew when the connection died meanwhile", async () => {
    const host = await server();
    const one = session(host.target);
    await one.apply(program);
    for (const connection of host.live) connection.end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const report = await one.apply(program);
    expect(report.failure).toBeUndefined();
    expect(host.connections).toBe(2);
  });

  it("connects anew once, however many calls find the connection dead", async () => {
    const host = await server();
    const one = session(host.target);
    await one.apply(program);
    for (const connection of host.live) connection.end();
    const reports = await Promise.all(Array.from({ length: 8 }, () => one.apply(program)));
    expect(reports.map((report) => report.failure)).toEqual(Array(8).fill(undefined));
    expect(host.connections).toBe(2);
  });

  it("takes as many connections as it needs where sshd allows few channels on each", async () => {
    const host = await server({ maxSessions: 3, exec: (channel) => respond(channel, "end\n", 100) });
    const one = session(host.target);
    const reports = await Promise.all(Array.from({ length: 8 }, () => one.apply(program)));
    expect(reports.map((report) => report.failure)).toEqual(Array(8).fill(undefined));
    expect(host.connections).toBe(3);
  });

  it("says so when sshd allows no channel at all", async () => {
    const host = await server({ maxSessions: 0 });
    await expect(session(host.target).apply(program)).rejects.toThrow(/opened no channel: .*NSPAWN_CONNECTION_LOST/);
  });

  it("ends a call at its deadline and names the last step", async () => {
    const host = await server({
      exec: (channel) => {
        channel.resume();
        channel.write("progress\tinstalling vim\n");
      },
    });
    const report = await session(host.target).apply({ ...program, deadline: 0.5 });
    expect(report.failure).toMatchObject({ code: "NSPAWN_DEADLINE" });
    expect(report.failure?.message).toContain('last step "installing vim"');
  });

  it("never takes a report for success that ended early: closed at each byte", async () => {
    const transcript = Buffer.from("progress\tone\nclaimed\nresult\tfacts\t5\nab\nde\nend\n");
    let length = 0;
    const host = await server({ exec: (channel) => respond(channel, transcript.subarray(0, length)) });
    const one = session(host.target);
    for (length = 0; length <= transcript.length; length += 1) {
      const report = await one.apply(program);
      const whole = length === transcript.length;
      expect(report.failure?.code).toBe(whole ? undefined : "NSPAWN_CONNECTION_LOST");
    }
    expect(host.connections).toBe(1);
  });

  it("passes the host's own words on when the program did not even begin", async () => {
    const host = await server({
      exec: (channel) => {
        channel.resume();
        channel.on("end", () => {
          channel.stderr.write("mktemp: failed to create directory: No space left on device\n");
          channel.exit(1);
          channel.end();
        });
      },
    });
    const report = await session(host.target).apply(program);
    expect(report.failure?.message).toContain("No space left on device");
  });

  it.each([
    ["is lost", (channel: ServerChannel) => void (channel as unknown as { _client: { end(): void } })._client.end()],
    ["ends its programs", (channel: ServerChannel) => void channel.end()],
  ])(
    "sends it again to a host that restarts by itself before anything has begun: the connection %s",
    async (_how, go) => {
      const progress: string[] = [];
      const host = await server({
        exec: (channel) => {
          channel.resume();
          if (host.commands.length > 2)
            return void channel.end("unbegun\nprogress\twaiting for cloud-init\nbegun\nend\n");
          channel.write("unbegun\nprogress\twaiting for cloud-init\n", () => setTimeout(() => go(channel), 50));
        },
      });
      const report = await session(host.target).apply(
        { ...program, confirm: "key" },
        { progress: (text) => progress.push(text) },
      );
      expect(report.failure).toBeUndefined();
      expect(host.commands).toHaveLength(3);
      expect(
        progress.filter((text) => /restarts by itself, as cloud-init does; nothing has begun/.test(text)),
      ).toHaveLength(2);
      expect(progress.join()).not.toContain("waiting until the host asks");
    },
  );

  it("does not send it again when something has begun", async () => {
    const host = await server({ exec: (channel) => void channel.resume().end("unbegun\nbegun\nprogress\ton\n") });
    expect((await session(host.target).apply(program)).failure).toMatchObject({ code: "NSPAWN_CONNECTION_LOST" });
    expect(host.commands).toHaveLength(1);
  });

  it("settles when the peer drops the whole connection", async () => {
    const host = await server({ exec: (channel) => channel.resume() });
    const call = session(host.target).apply(program);
    while (host.commands.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const connection of host.live) connection.end();
    expect((await call).failure).toMatchObject({ code: "NSPAWN_CONNECTION_LOST" });
  });
});
