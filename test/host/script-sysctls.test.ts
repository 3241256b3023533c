import { hostLibrary } from "../../provider/host/program";
import { hostFile } from "../../provider/host/files";
import { spawnSync } from "node:child_process";
import { limitsScript } from "../../provider/render/sysctl";
import { asRoot } from "../support/run-script";

const sysctls = hostFile("steps/sysctls.sh");

jest.setTimeout(60_000);

/** The library, the real settings of a network namespace, and limits that are files of the test. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /run; mount -t proc proc /proc
DIR=/run/dir MINE=/run/mine TAB="$(printf '\t')"
mkdir -p "$DIR" "$MINE" /run/fs; : >$MINE/sysctls
warn() { echo "warning: $1"; }
${sysctls}
real_setting_file() { printf '/proc/sys/%s' "$(printf %s "$1" | tr ./ /.)"; }
setting_file() { case $1 in fs.*) printf '/run/%s' "$(printf %s "$1" | tr . /)" ;; *) real_setting_file "$1" ;; esac; }
value() { cat "$(setting_file "$1")"; }
: >/run/exact; : >/run/limits
`;

function shell(text: string): string[] {
  const spaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"];
  const { stdout, stderr, status } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${status}: ${stdout}${stderr}`);
  return stdout.trim().split("\n");
}

asRoot("kernel settings (needs root: a network namespace)", () => {
  const exact = (line: string): string => `echo '${line}' >/run/exact; step_sysctls /run/exact /run/limits`;

  test.each([
    [
      "of a module that is not there",
      "net.ipv4.vs.conntrack = 1",
      /^warning: sysctls: net\.ipv4\.vs\.conntrack = 1 is not in force: the kernel \S+ has no such setting; have the module that brings it loaded at boot \(modules-load\.d\)/,
      "net.ipv4.vs.conntrack",
    ],
    [
      "that the kernel reads otherwise",
      "net.ipv4.ip_default_ttl = 0100",
      /is not in force: the kernel makes 64 of it; write it as the kernel does$/,
      "net.ipv4.ip_default_ttl",
    ],
    [
      "that the kernel refuses",
      "net.ipv4.ip_default_ttl = 5000",
      /is not in force: the host does not let it be set, it stays 64$/,
      "net.ipv4.ip_default_ttl",
    ],
    ["that nobody can read", "net.ipv4.route.flush = 1", /is not in force: it cannot be read/, "net.ipv4.route.flush"],
  ])("%s are told, and known as not set", (_what, line, told, key) => {
    const said = shell(`${exact(line)}; cat $MINE/unsettable`);
    expect(said[0]).toMatch(told);
    expect(said.slice(1)).toEqual([key]);
  });

  it("that are set are no word, and go back", () => {
    const set = exact("net.ipv4.ip_default_ttl = 70");
    expect(
      shell(`${set}; value net.ipv4.ip_default_ttl; ${exact("")}; value net.ipv4.ip_default_ttl; cat $MINE/sysctls`),
    ).toEqual(["70", "64"]);
  });

  const limits = `echo 'raise fs.watches 1048576' >/run/limits; echo 'raise fs.lacking 5' >>/run/limits`;
  const raise = `${limits}; ${exact("")}; cat /run/fs/watches`;
  test.each([
    ["lower", "65536", "1048576"],
    ["higher", "4194304", "4194304"],
    ["as high", "1048576", "1048576"],
    ["no number", "max", "max"],
  ])("are limits that are raised and never lowered: %s", (_what, before, after) => {
    expect(shell(`echo ${before} >/run/fs/watches; ${raise}`)).toEqual([after]);
  });

  const release = `while IFS="$TAB" read -r key value; do restore_sysctl "$key" "$value"; done <$MINE/sysctls; cat /run/fs/watches`;
  test.each([
    ["a limit goes back to what it was", ":", "65536"],
    ["a limit that somebody has raised since stays", "echo 8388608 >/run/fs/watches", "8388608"],
    ["a limit that became a setting goes back", exact("fs.watches = 70000"), "65536"],
  ])("%s", (_what, between, after) => {
    expect(shell(`echo 65536 >/run/fs/watches; ${raise} >/dev/null; ${between}; ${release}`)).toEqual([after]);
  });
});

describe("the script of the next boot", () => {
  const run = (before: string): string => {
    const text = limitsScript({ "net.ipv4.neigh.default.gc_thresh3": "100" }).replace("/proc/sys/$(echo", "$1/$(echo");
    const script = `d=$(mktemp -d); mkdir -p $d/fs/inotify $d/net/ipv4/neigh/default
      printf '${before}' >$d/fs/inotify/max_user_watches; echo 100 >$d/net/ipv4/neigh/default/gc_thresh3
      printf '%s' "$TEXT" | sed 's,\\$1/,'$d'/,' | sh && cat $d/fs/inotify/max_user_watches $d/net/ipv4/neigh/default/gc_thresh3; ls $d/fs/inotify; rm -r $d`;
    return spawnSync("sh", ["-ec", script], { encoding: "utf8", env: { ...process.env, TEXT: text } }).stdout;
  };

  test.each([
    ["what a file says more than we do stays", "4194304\\n", "4194304"],
    ["what it says less is raised", "8192\\n", "1048576"],
    ["what a program sets itself is left alone, and nothing that the kernel lacks is made", "max\\n", "max"],
  ])("%s", (_what, before, after) => expect(run(before)).toBe(`${after}\n100\nmax_user_watches\n`));
});
