import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachedCommand } from "../../provider/host/command";
import { asRoot } from "../support/run-script";

const words = ["echo", "two words", 'it\'s "so"', "line\nline\n", "$HOME $(id) `id` \\", "", "-n", "größe;|&*?!"];

/** What the host's systemd-run is told, by word, and what it reads. */
function told(
  how: string,
  active: boolean,
  login: string[] = [],
): { words: string[]; errors: string; code: number | null } {
  const folder = mkdtempSync(join(tmpdir(), "nspawn-attach-"));
  const program = (name: string, text: string): void =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  try {
    chmodSync(folder, 0o755);
    program("systemctl", active ? "exit 0" : "exit 3");
    program("systemd-run", 'printf "%s\\0" "$@" "$(cat)"; exit 7');
    program("journalctl", 'printf "%s\\0" "$@"');
    program("sudo", '[ "$4" = : ] && exit 0; shift; exec setpriv --reuid=0 "$@"');
    const command = attachedCommand("db.example.org", how, how === "host" ? ["journalctl", ...words] : words);
    const env = { PATH: `${folder}:/usr/bin:/bin`, SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" };
    const [first = "sh", ...rest] = [...login, "sh", "-c", command];
    const { stdout, stderr, status } = spawnSync(first, rest, { env, encoding: "utf8", input: "read" });
    return { words: stdout.split("\0").slice(0, -1), errors: stderr, code: status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const doubled = words.map((word) => word.replaceAll("$", "$$$$"));
const manager = ["-q", "-M", "db.example.org", "--uid=root", "--collect", "--wait"];

asRoot("a command in a machine", () => {
  it("has its words as they are, but for variables, which the service manager would put in, and its input", () => {
    expect(told("pipe", true)).toEqual({
      words: [...manager, "--pipe", "--", ...doubled, "read"],
      errors: "",
      code: 7,
    });
  });

  it("has a terminal's name, of which nothing else is taken", () => {
    expect(told("xterm-256color;'reboot", true).words.slice(6, 9)).toEqual([
      "--pty",
      "--setenv=TERM=xterm-256colorreboot",
      "--",
    ]);
  });

  it("is said not to run when the machine does not", () => {
    const { words: none, errors, code } = told("pipe", false);
    expect([none, code]).toEqual([[], 125]);
    expect(errors).toMatch(
      /^the machine db\.example\.org does not run on this host; .* logs --host db\.example\.org \[NSPAWN_NOT_READY\]\n$/,
    );
  });

  it("is run on the host where it is about the machine, whether that runs or not", () => {
    expect(told("host", false)).toEqual({ words, errors: "", code: 0 });
  });

  it("says to a login that is not root, and can not become it, what is wrong", () => {
    const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "PATH=/usr/bin:/bin"];
    expect(told("pipe", true, nobody)).toMatchObject({
      words: [],
      code: 125,
      errors: expect.stringMatching(/the login nobody is not root, and .*sudo.*\[NSPAWN_NOT_ROOT\]\n$/),
    });
  });
});
