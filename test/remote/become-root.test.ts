import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostCommand } from "../../provider/host/command";
import { ReportParser } from "../../provider/remote/report";
import { asRoot, report } from "../support/run-script";

/** What the one command answers to a login that is not root, where `sudo` is this script; a host without it has none. */
function answer(sudo: string | undefined): { output: string; failure: unknown } {
  const folder = mkdtempSync(join(tmpdir(), "nspawn-sudo-"));
  try {
    chmodSync(folder, 0o755);
    if (sudo !== undefined) writeFileSync(join(folder, "sudo"), `#!/bin/sh\n${sudo}\n`, { mode: 0o755 });
    const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    const env = { PATH: `${folder}:/usr/bin:/bin`, SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" };
    const { stdout, stderr } = spawnSync("setpriv", [...nobody, "sh", "-c", hostCommand()], {
      env,
      encoding: "utf8",
      input: "7\npayload",
    });
    const parser = new ReportParser();
    if (stdout.startsWith("\n")) parser.push(report(Buffer.from(stdout)));
    return { output: stdout, failure: parser.finish("host", stderr).failure };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const refused = (message: RegExp): object => ({ code: "NSPAWN_NOT_ROOT", message: expect.stringMatching(message) });

asRoot("a login that is not root", () => {
  it("says that there is no sudo", () => {
    expect(answer(undefined).failure).toMatchObject(
      refused(
        /the login nobody is not root, and there is no sudo; log in as root, or let nobody run everything by sudo without a password/,
      ),
    );
  });

  it("says that sudo asks for a password", () => {
    expect(answer("echo 'sudo: a password is required' >&2; exit 1").failure).toMatchObject(
      refused(/sudo asks for a password; .*NOPASSWD/),
    );
  });

  it("passes on why else sudo refuses, the first line of it", () => {
    const said = "echo 'nobody is not in the sudoers file.' >&2; echo 'This incident has been reported.' >&2; exit 1";
    const { failure } = answer(said);
    expect(failure).toMatchObject(refused(/sudo refuses: nobody is not in the sudoers file\.; log in/));
    expect(String(failure)).not.toContain("incident");
  });

  it("is asked for nothing, and hands on standard input, the connection and the name by arguments", () => {
    // The first call is the question whether it may; the second gets the payload.
    const { output } = answer('[ "$3" = -c ] && [ "$4" = : ] && exit 0; shift 4; printf "[%s] " "$0" "$@"; cat');
    expect(output).toMatch(/\[sh\] \[192\.0\.2\.1 1 192\.0\.2\.2 22\] \[nobody\] 7\npayload$/);
    expect(hostCommand()).not.toMatch(/sudo (?!-n)[a-z-]*S/);
  });
});
