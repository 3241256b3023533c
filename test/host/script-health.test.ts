import { spawnSync } from "node:child_process";
import type { HealthArgs } from "../../provider/model/args";
import { healthScript } from "../../provider/model/paths";
import { desiredMachine } from "../../provider/render/desired-machine";
import { asRoot } from "../support/run-script";
import { machineArgs } from "../support/sample";

jest.setTimeout(60_000);

/**
 * A host whose machine is a file of /run: its state, the id of its run, and when that began. Its service manager says what is in
 * /run/manager, and ends commands with what is in /run/code; a restart is told, and is another run.
 */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run; mkdir -p /run/bin /run/pulumi-nspawn-health /run/pulumi-nspawn-locks
mkdir -p /var/lib/pulumi-nspawn; mount -t tmpfs tmpfs /var/lib/pulumi-nspawn; mkdir -p /var/lib/pulumi-nspawn/owners/key
echo web >/var/lib/pulumi-nspawn/owners/key/machine
cat >/run/bin/systemctl <<'END'
#!/bin/sh
read -r state run begun </run/web
case "$*" in
  *ActiveState*) echo "$state" ;;
  *InvocationID*) echo "$run" ;;
  *Timestamp*) echo "$begun" ;;
  --machine=web*) cat /run/manager ;;
  *) echo "systemctl $*"; echo "active $run+ 0" >/run/web ;;
esac
END
printf '#!/bin/sh\necho "$*" >/run/asked; cat /run/said; [ ! -e /run/after ] || . /run/after; exit "$(cat /run/code)"\n' >/run/bin/systemd-run
chmod +x /run/bin/*
machine() { echo "$*" >/run/web; }
machine active a 0; echo running >/run/manager; echo 0 >/run/code; : >/run/said
well() { echo 0 >/run/code; }
ill() { echo 1 >/run/code; }
known() { [ ! -e /run/pulumi-nspawn-health/web ] && echo unjudged || sed -n 's/^\(state\|failures\|restarts\) //p' /run/pulumi-nspawn-health/web | paste -sd ' '; }
why() { sed -n 's/^why //p' /run/pulumi-nspawn-health/web; }
check() { sh /run/check 2>/dev/null; known; }
`;

/** Lines of what a text says, with the script of a machine that is looked after so. */
function shell(health: HealthArgs, text: string): string[] {
  const { files } = desiredMachine(machineArgs({ networks: [], health }));
  const script = (files[healthScript("web")] ?? "").replace("PATH=/usr/sbin", "PATH=/run/bin:/usr/sbin");
  const argv = ["--mount", "--propagation", "private", "dash", "-c"];
  const whole = `${frame}\ncat >/run/check <<'SCRIPT_ENDS'\n${script}SCRIPT_ENDS\n${text}`;
  const { stdout, stderr } = spawnSync("unshare", [...argv, whole], { encoding: "utf8" });
  return `${stdout}${stderr}`.trim().split("\n");
}

const restarted = "systemctl --no-block --job-mode=fail try-restart systemd-nspawn@web.service";
const command: HealthArgs = { command: ["/usr/bin/check", "it's", "$HOME", ""], startPeriod: 0, retries: 2 };

asRoot("a machine that is looked after (needs root: a mount namespace)", () => {
  test("is restarted after so many failures in a row, and begins anew", () => {
    expect(shell(command, "check; ill; check; well; check; ill; check; check; well; check")).toEqual([
      ...["healthy 0 0", "failing 1 0", "healthy 0 0", "failing 1 0"],
      ...[restarted, "restarting 2 1", "healthy 0 1"],
    ]);
  });

  test("is started again where the start of its restart has failed, and not where somebody has stopped it", () => {
    const fails = (state: string) => `ill; check; check; machine ${state} b 0; sh /run/check`;
    const started = restarted.replace("try-restart", "start");
    expect(shell(command, `${fails("failed")}; check`)).toEqual([
      "failing 1 0",
      restarted,
      "restarting 2 1",
      started,
      "failing 1 1",
    ]);
    expect(shell(command, `${fails("inactive")}; echo none`)).toEqual([
      "failing 1 0",
      restarted,
      "restarting 2 1",
      "none",
    ]);
    expect(shell(command, "machine failed b 0; sh /run/check; echo none")).toEqual(["none"]);
  });

  test("is only told of with action none", () => {
    expect(shell({ ...command, action: "none" }, "ill; check; check; check; well; check")).toEqual([
      ...["failing 1 0", "unhealthy 2 0", "unhealthy 3 0", "healthy 0 0"],
    ]);
  });

  test("may fail as long as it starts, until it has succeeded once", () => {
    const slow: HealthArgs = { ...command, startPeriod: 86_400, retries: 1 };
    const begins = 'machine active a "$(cut -d . -f 1 /proc/uptime)000000"';
    expect(shell(slow, `${begins}; ill; check; check; well; check; ill; check`)).toEqual([
      ...["starting 0 0", "starting 0 0", "healthy 0 0", restarted, "restarting 1 1"],
    ]);
    expect(shell({ ...slow, startPeriod: 1 }, "ill; check")).toEqual([restarted, "restarting 1 1"]);
  });

  test.each(["inactive", "failed", "activating", "deactivating"])("is nobody's to judge when it is %s", (state) => {
    expect(
      shell({ ...command, retries: 1 }, `ill; machine ${state} a 0; check; ls /run/asked 2>/dev/null || :`),
    ).toEqual(["unjudged"]);
  });

  test("is nobody's to judge when it was stopped, or started anew, during the check", () => {
    for (const meanwhile of ["deactivating a 0", "active b 0"])
      expect(shell({ ...command, retries: 1 }, `ill; echo 'echo "${meanwhile}" >/run/web' >/run/after; check`)).toEqual(
        ["unjudged"],
      );
  });

  const locked = (lock: string, text: string): string =>
    `exec 8<>/run/pulumi-nspawn-locks/${lock}; flock -n 8; ${text}`;

  test("is nobody's to judge while a change is at work on it", () => {
    expect(shell({ ...command, retries: 1 }, locked("resource.key", "ill; check; exec 8>&-; check"))).toEqual([
      ...["unjudged", restarted, "restarting 1 1"],
    ]);
  });

  test("waits for its restart while another change has the host, and takes both locks for no longer than it needs", () => {
    const after =
      "flock -n /run/pulumi-nspawn-locks/host true && flock -n /run/pulumi-nspawn-locks/resource.key echo free";
    expect(shell({ ...command, retries: 1 }, locked("host", `ill; check; exec 8>&-; check; ${after}`))).toEqual([
      ...["unhealthy 1 0", restarted, "restarting 2 1", "free"],
    ]);
  });

  test("is left alone where nobody owns it", () => {
    expect(shell({ ...command, retries: 1 }, "rm -r /var/lib/pulumi-nspawn/owners/key; ill; check")).toEqual([
      "unhealthy 1 0",
    ]);
  });

  test("runs a command word for word, which is ended after its time", () => {
    const [asked] = shell(command, "sh /run/check; cat /run/asked");
    expect(asked).toMatch(/ -M web .* -p RuntimeMaxSec=5 .* -- \/usr\/bin\/check it's \$\$HOME $/);
    expect(shell({ ...command, timeout: 1 }, "echo 'sleep 9' >/run/after; check; why")).toEqual([
      ...["failing 1 0", "the command did not end within 1 s"],
    ]);
  });

  test("says no more of a failure than fits in a line", () => {
    const said = `ill; printf 'a\\033[2J\\nstate healthy\\n%0900d' 7 >/run/said; check; why`;
    const [state, why] = shell(command, said);
    expect([state, why?.length]).toEqual(["failing 1 0", 200]);
    expect(why).toMatch(/^the command ended with exit code 1[ -~]+$/);
  });

  test.each([
    ["running", "healthy 0 0"],
    ["degraded", "healthy 0 0"],
    ["starting", "healthy 0 0"],
    ["unknown", "failing 1 0"],
    ["", "failing 1 0"],
    ["anything that its root likes", "failing 1 0"],
  ])("has a service manager that says '%s'", (said, state) => {
    expect(shell({ manager: true, startPeriod: 0 }, `echo '${said}' >/run/manager; check`)).toEqual([state]);
  });
});

asRoot("a machine that hangs (needs root: a mount namespace)", () => {
  /** Its stop takes so many looks at it, of which there is one in each second; a second passes at once. */
  const stops = (looks: number): string => String.raw`
printf '#!/bin/sh\n' >/run/bin/sleep; chmod +x /run/bin/sleep
cat >/run/bin/systemctl <<'END'
#!/bin/sh
read -r state run begun </run/web
case "$*" in
  *try-restart*) echo deactivating a 0 >/run/web; echo ${looks} >/run/left ;;
  *kill*) echo "systemctl $*" ;;
  *ActiveState*) echo "$state" ;;
  *Timestamp*) echo 0 ;;
  *InvocationID*)
    echo "$run"
    [ -e /run/left ] || exit 0
    echo $(($(cat /run/left) - 1)) >/run/left
    [ "$(cat /run/left)" -gt 0 ] || echo active b 0 >/run/web ;;
esac
END
`;

  test("is killed when it does not end, and one that ends in time is not", () => {
    const health: HealthArgs = { manager: true, startPeriod: 0, retries: 1 };
    expect(shell(health, `${stops(99)}check`)).toEqual([
      ...["systemctl kill -s KILL systemd-nspawn@web.service", "restarting 1 1"],
    ]);
    expect(shell(health, `${stops(9)}check`)).toEqual(["restarting 1 1"]);
  });
});

asRoot("a service that is looked after (needs root: a network namespace)", () => {
  const guest = String.raw`
unshare --net sleep 60 >/dev/null 2>&1 & guest=$!
sleep 0.3; printf '#!/bin/sh\necho %s\n' "$guest" >/run/bin/machinectl; chmod +x /run/bin/machinectl
nsenter -t "$guest" -n ip link set lo up
serve() { nsenter -t "$guest" -n python3 -B -c 'import http.server, sys
class Page(http.server.BaseHTTPRequestHandler):
  def do_GET(self): self.send_response(200 if self.path == "/health" else 503); self.end_headers()
http.server.HTTPServer(("127.0.0.1", 80), Page).serve_forever()' >/dev/null 2>&1 & server=$!; until nsenter -t "$guest" -n ss -ltn | grep -q :80; do sleep 0.1; done; }
ends() { for each in "$@"; do kill "$each" 2>/dev/null || :; done; }
`;
  const at = (health: HealthArgs, text: string): string[] =>
    shell({ ...health, startPeriod: 0 }, `${guest}${text}; ends "$guest" "\${server:-}"`);

  test("takes connections, or does not", () => {
    expect(at({ tcp: 80 }, "check; why; serve; check")).toEqual([
      ...["failing 1 0", "port 80: 127.0.0.1 refuses, ::1 refuses", "healthy 0 0"],
    ]);
  });

  test("answers with the page that it is asked for, or does not", () => {
    expect(at({ http: { port: 80, path: "/health" } }, "serve; check")).toEqual(["healthy 0 0"]);
    expect(at({ http: { port: 80 } }, "serve; check; why")).toEqual([
      ...["failing 1 0", "port 80: 127.0.0.1 says 503, ::1 refuses"],
    ]);
  });

  test("has failed when its network cannot be entered", () => {
    expect(at({ tcp: 80 }, "printf '#!/bin/sh\\nexit 1\\n' >/run/bin/machinectl; check; why")).toEqual([
      ...["failing 1 0", "port 80: no answer within 5 s"],
    ]);
  });
});
