import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerChannel } from "ssh2";
import { openChannel } from "../../provider/remote/channel";
import { connect } from "../../provider/remote/connect";
import { Opening } from "../../provider/remote/opening";
import { pipe } from "../../provider/remote/pipe";
import type { Program } from "../../provider/plan/program";
import type { Report } from "../../provider/remote/report";
import { Session } from "../../provider/remote/session";
import { startServer, type TestServer } from "../support/ssh-server";

jest.setTimeout(120_000);

/** Changes the host, so its loss would have to be confirmed; does nothing. */
const program: Program = { steps: [], texts: { secret: "canary-5c1d" }, deadline: 20, confirm: "key" };
const servers: TestServer[] = [];
const sessions: Session[] = [];
const homes: string[] = [];

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((one) => one.close()));
  await Promise.all(servers.splice(0).map((one) => one.stop()));
  for (const home of homes.splice(0)) rmSync(home, { recursive: true });
});

type Login = (channel: ServerChannel, command: string) => void;

async function session(login: Login): Promise<{ session: Session; server: TestServer }> {
  const server = await startServer({ login });
  const made = new Session(server.target);
  servers.push(server);
  sessions.push(made);
  return { session: made, server };
}

/** What a call ends as, and what the login was sent. */
async function outcome(login: Login): Promise<{ failure: unknown; report?: Report; sent: string; logins: number }> {
  let sent = "";
  const { session: one, server } = await session((channel, command) => {
    channel.on("data", (chunk: Buffer) => (sent += chunk.toString("latin1")));
    login(channel, command);
  });
  const done = await one.apply(program).then(
    (report) => ({ failure: report.failure, report }),
    (failure: unknown) => ({ failure }),
  );
  return { ...done, sent, logins: server.connections };
}

/** As sshd runs a command: by the login's own shell, which reads its start-up file. */
function shell(startUp: string, path = "bash"): Login {
  const home = mkdtempSync(join(tmpdir(), "nspawn-login-"));
  homes.push(home);
  writeFileSync(join(home, ".bashrc"), startUp);
  const env = {
    HOME: home,
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    SSH_CLIENT: "192.0.2.1 1 22",
    SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22",
  };
  return (channel, command) => {
    const child = spawn(path, ["-c", command], { env });
    channel.pipe(child.stdin).on("error", () => undefined);
    child.stdout.on("data", (chunk: Buffer) => channel.write(chunk));
    child.stderr.on("data", (chunk: Buffer) => channel.stderr.write(chunk));
    channel.on("close", () => child.kill());
    child.on("close", (code, signal) => {
      if (channel.destroyed) return;
      if (code === null) channel.exit(signal ?? "TERM");
      else channel.exit(code);
      channel.end();
    });
  };
}

/** Says something and ends, as sshd or a forced command does. */
const says =
  (code: number, error: string, output = ""): Login =>
  (channel) => {
    if (output !== "") channel.write(output);
    if (error !== "") channel.stderr.write(error);
    setTimeout(() => {
      channel.exit(code);
      channel.end();
    }, 30);
  };

const noUse = (words: RegExp): object => ({ code: "NSPAWN_LOGIN", message: expect.stringMatching(words) });

function expectUntouched({ failure, sent, logins }: { failure: unknown; sent: string; logins: number }): void {
  expect([sent, logins]).toEqual(["", 1]);
  const { message } = failure as Error;
  expect(message).toContain("nothing was sent to it and nothing was changed");
  expect(message).not.toMatch(/lost|rolls it back|run `up` again|canary/);
}

const root = process.getuid?.() === 0 ? describe : describe.skip;

root("a login whose start-up files", () => {
  it("say nothing runs our program", async () => {
    const { report, sent } = await outcome(shell("# quiet"));
    // The program has no steps and so asks for no confirmation; it came to its end.
    expect(report?.failure).toBeUndefined();
    expect(sent).toContain("canary-5c1d");
  });

  it("say something on standard error, or print an empty line, does too", async () => {
    const { report } = await outcome(shell("echo 'bash: warning: setlocale' >&2; echo"));
    expect(report?.failure).toBeUndefined();
  });

  it.each([
    [
      "print a line",
      "echo 'Welcome to home'",
      /printed something before our program began; it said: "Welcome to home"/,
    ],
    [
      "print half a line, to which no record is glued",
      "printf 'hello there'",
      /it said: "hello there"; nothing was sent/,
    ],
    ["print what looks like the end", "printf 'end\\n'", /it said: "end"; /],
    [
      "print what looks like an error of ours",
      "printf 'error\\tNSPAWN_BUSY\\t1\\nx\\n'",
      /"error\\tNSPAWN_BUSY\\t1 \/ x"/,
    ],
    ["print escapes", "printf '\\033[2Jhi'", /it said: "\\u\{1b\}\[2Jhi"/],
    [
      "end",
      "echo 'no business here' >&2; exit 3",
      /ended with exit status 3 before our program began; it said: "no business here"/,
    ],
    [
      "become another program",
      "exec /usr/bin/env false",
      /ended with exit status 1 before our program began; it said nothing/,
    ],
  ])("%s is told as that", async (_what, startUp, words) => {
    const ended = await outcome(shell(startUp));
    expect(ended.failure).toMatchObject(noUse(words));
    expect(ended.failure).toMatchObject(
      noUse(/^127\.0\.0\.1 let root in, .*`ssh -p \d+ root@127\.0\.0\.1 true` must succeed/),
    );
    expectUntouched(ended);
  });

  it("echo the command that they refuse are not taken for our program", async () => {
    const login: Login = (channel, command) =>
      says(1, "", `${command.replaceAll("\\n", "\n")}: not allowed\n`)(channel, command);
    const ended = await outcome(login);
    expect(ended.failure).toMatchObject(noUse(/not allowed"/));
    expectUntouched(ended);
  });

  it("read get nothing of ours", async () => {
    const taken = join(tmpdir(), `nspawn-taken-${process.pid}`);
    const ended = outcome(shell(`printf 'Name: '; read -r name; printf '%s' "$name" >${taken}`));
    expect((await ended).failure).toMatchObject(noUse(/printed something before our program began; it said: "Name:"/));
    expectUntouched(await ended);
    rmSync(taken, { force: true });
  });
});

describe("a login that runs nothing", () => {
  it.each([
    [
      "an expired password",
      says(1, "WARNING: Your password has expired.\nPassword change required but no TTY available.\n"),
      /exit status 1 .*it said: "WARNING: Your password has expired\. \/ Password change required but no TTY available\."; .*give root a new password \(`ssh -p \d+ root@127\.0\.0\.1` in a terminal\), or make the server with sshKeys/,
    ],
    ["no shell", says(1, "", "This account is currently not available.\n"), /give root a shell that runs commands/],
    [
      "a root that cloud-init has locked",
      says(142, "", 'Please login as the user "debian" rather than the user "root".\n\n'),
      /set ssh\.user to "debian", which becomes root by sudo/,
    ],
    ["silence", says(255, ""), /ended with exit status 255 before our program began; it said nothing/],
  ])("%s", async (_what, login, words) => {
    const ended = await outcome(login);
    expect(ended.failure).toMatchObject(noUse(words));
    expectUntouched(ended);
  });

  it("is told in a read and in a copy too, and by who is asked second", async () => {
    const { session: one } = await session(says(1, "no"));
    const { confirm: _, ...read } = program;
    await expect(one.facts(read)).rejects.toMatchObject(noUse(/it said: "no"/));
    const copy = pipe({ session: one, program: read }, { session: one, program: read }, () => undefined);
    await expect(copy).rejects.toMatchObject(noUse(/it said: "no"/));
  });

  it("prints without end", async () => {
    const { failure } = await outcome((channel) => {
      const next = (error?: Error | null): void => void (error ?? channel.write("\n".repeat(60_000), next));
      next();
    });
    expect(failure).toMatchObject(noUse(/printed without end before our program began/));
  });
});

describe("a login that waits for input", () => {
  it("is given up, because nobody is there to answer", async () => {
    const { server } = await session((channel) => void channel.stderr.write("One-time code: "));
    const client = await connect(server.target, { seconds: 0, newServer: false, progress: () => undefined });
    const channel = await openChannel(client, "127.0.0.1");
    const failed = new Promise<Error>((resolve) => {
      new Opening(client, channel, server.target, { begun: () => undefined, failed: resolve }, 0.3);
    });
    expect(await failed).toMatchObject(noUse(/did not start our program within 0\.3 s; it said: "One-time code:"/));
    client.end();
  });
});

describe("a connection that ends before our program began", () => {
  it("is made anew, because nothing was sent", async () => {
    let logins = 0;
    const server = await startServer({
      login: (channel) => {
        logins += 1;
        if (logins < 3) for (const connection of server.live) connection.end();
        else channel.write("\npulumi-nspawn ready\nend\n", () => channel.end());
      },
    });
    servers.push(server);
    const one = new Session(server.target);
    sessions.push(one);
    expect((await one.apply(program)).failure).toBeUndefined();
    expect(logins).toBe(3);
  });
});

root("a host without room for the program", () => {
  it("says so, and that nothing was changed", async () => {
    const bin = mkdtempSync(join(tmpdir(), "nspawn-full-"));
    homes.push(bin);
    mkdirSync(join(bin, "bin"));
    const full = '#!/bin/sh\necho "mktemp: failed to create directory: No space left on device" >&2; exit 1\n';
    writeFileSync(join(bin, "bin/mktemp"), full, { mode: 0o755 });
    const { failure } = await outcome(shell(`PATH=${bin}/bin:$PATH`));
    expect(failure).toMatchObject({ code: "NSPAWN_DISK_FULL" });
    expect((failure as Error).message).toMatch(
      /there is no room for the program, so nothing was changed: mktemp: .*No space left/,
    );
  });
});
