import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary, probeVariable } from "../../provider/host/program";
import { asRoot } from "../support/run-script";

jest.setTimeout(120_000);

/** A machine with an address of each family; what listens there is python's. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /run; mkdir -p /run/dir /run/web; DIR=/run/dir FAILED="" PATIENCE=1
say() { :; }
fail_later() { echo "$1: $2"; }
unshare --net sleep 300 >/dev/null 2>&1 & GUEST=$!
sleep 0.3
machinectl() { echo "$GUEST"; }
in_machine() { nsenter -t "$GUEST" -n "$@"; }
in_machine sh -c 'ip link set lo up; ip link add host0 type veth peer name far; ip link set host0 up; ip link set far up'
addresses() { in_machine sh -c 'ip addr add 198.51.100.7/32 dev host0; ip addr add 2001:db8::7/128 dev host0 nodad'; }
# ADDRESS PORT: says what is in /run/web/status to everybody, for a path; "-": nothing at all
serve() {
  in_machine python3 -B -c 'import socket, sys, threading
family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
server = socket.socket(family); server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((sys.argv[1], int(sys.argv[2]))); server.listen()
held = []
while True:
  peer, _ = server.accept(); held.append(peer)
  said = open("/run/web/status").read()
  if said == "-": continue
  try:
    asked = peer.recv(4096).decode()
    path = asked.split(" ")[1] if " " in asked else ""
    peer.sendall(said.replace("PATH", path).encode()); peer.close()
  except OSError: pass' "$@" >/dev/null 2>&1 & until in_machine ss -ltn | grep -q ":$2 "; do sleep 0.1; done
}
status() { printf '%b' "$1" >/run/web/status; }
status -
${probeVariable()}${hostFile("steps/probe.sh")}${hostFile("steps/service.sh")}
`;

function shell(text: string): string[] {
  // With a process space of its own nothing of it outlives it.
  const spaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const { stdout, stderr } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
  });
  return (stdout.trim() === "" ? stderr : stdout).trim().split("\n");
}

asRoot("a service that has to answer (needs root: a network namespace)", () => {
  test.each([
    ["on an address of one family", "addresses; serve 2001:db8::7 80", ["198.51.100.7 refuses", "2001:db8::7 answers"]],
    ["on the other", "addresses; serve 198.51.100.7 80", ["198.51.100.7 answers"]],
    ["in a machine without a network", "serve 127.0.0.1 80", ["127.0.0.1 answers"]],
    ["nowhere", "addresses", ["198.51.100.7 refuses", "2001:db8::7 refuses"]],
  ])("takes connections %s", (_, before, said) => expect(shell(`${before}; service_says web 80 -`)).toEqual(said));

  test.each([
    ["a page", "HTTP/1.1 200 OK\\r\\n\\r\\n", "answers"],
    ["another place", "HTTP/1.0 302 Found\\r\\n", "answers"],
    ["that it is not ready", "HTTP/1.1 503 Wait\\r\\n", "says 503"],
    ["that there is no such path", "HTTP/1.1 404 PATH\\r\\n", "says 404"],
    ["something else", "SSH-2.0-OpenSSH\\r\\n", "speaks no HTTP"],
    ["nothing", "-", "is silent"],
    ["no end of it", "x".repeat(9000), "speaks no HTTP"],
    ["a status of its own making", "HTTP/1.1 2\\033[2J\\r\\n", "speaks no HTTP"],
  ])("is asked by HTTP, and says %s", (_, answer, said) =>
    expect(
      shell(`addresses; serve 198.51.100.7 8080; status '${answer}'; service_says web 8080 /health?a=1`),
    ).toContain(`198.51.100.7 ${said}`),
  );

  test("is asked for the path", () => {
    expect(
      shell(
        "addresses; serve 198.51.100.7 80; status 'HTTP/1.1 200 PATH\\r\\n'; service_says web 80 /a; in_machine sh -c 'exec 3<>/dev/null'",
      ),
    ).toEqual(["198.51.100.7 answers"]);
  });

  test("is waited for; what never answers is named with what it said, and what to do", () => {
    const later =
      "addresses; (sleep 1; serve 198.51.100.7 80) >/dev/null 2>&1 & step_await_service web 80 - 20; echo ready";
    expect(shell(later)).toEqual(["ready"]);
    expect(shell("addresses; step_await_service web 80 / 1")[0]).toMatch(
      /^NSPAWN_NOT_READY: the machine web runs, and its port 80 \(\/\) does not answer after 1 s: 198\.51\.100\.7 refuses, 2001:db8::7 refuses; see what listens there/,
    );
    expect(shell("machinectl() { return 1; }; step_await_service web 80 - 0")[0]).toMatch(
      /it has no network that could be entered/,
    );
  });
});
