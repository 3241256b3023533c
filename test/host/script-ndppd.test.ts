import { spawnSync } from "node:child_process";
import { UNKNOWN } from "../../provider/model/unknown";
import { neighbourScript } from "../../provider/model/paths";
import { neighbourProxyParts } from "../../provider/render/neighbour-proxy";
import { asRoot } from "../support/run-script";

jest.setTimeout(60_000);

const script = (neighbourProxyParts("ndppd").files as Record<string, string>)[neighbourScript] ?? UNKNOWN;

/** A host with an uplink, and somebody called ndppd who waits. */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/pulumi-nspawn /run/bin
printf 'proxy eth0 {\n  router yes\n}\n' >/run/pulumi-nspawn/ndppd.conf
printf '#!/bin/sh\necho started >>/run/said\necho $$ >/run/ndppd\nexec sleep 100\n' >/run/bin/ndppd
chmod 0755 /run/bin/ndppd
cat >/run/script
export PATH=/run/bin:$PATH
ip link add eth0 type veth peer name srv; ip link set srv up
until_said() { for i in $(seq 100); do if grep -qs "$1" /run/said; then return 0; fi; sleep 0.1; done; return 1; }
runs() { { sh /run/script || :; echo ended >>/run/said; } & }
ends() { if until_said ended; then echo ended; else echo runs; fi; }
`;

function shell(text: string): string {
  const spaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"];
  const argv = [...spaces, "sh", "-c", `${frame}\n${text}`];
  const { stdout, stderr } = spawnSync("unshare", argv, { encoding: "utf8", input: script });
  return stdout.trim() || stderr;
}

asRoot("the program that answers for subnets (needs root: a network namespace)", () => {
  test.each([
    ["goes down", "ip link set eth0 down"],
    ["goes down for a moment", "ip link set eth0 down; ip link set eth0 up"],
    ["is gone", "ip link del eth0"],
    ["is gone before anybody looks", "sleep 0.2; ip link del eth0"],
  ])("ends when its interface %s", (_, text) => {
    expect(shell(`ip link set eth0 up; runs; until_said started; ${text}; ends`)).toBe("ended");
  });

  test("ends with ndppd itself", () => {
    expect(shell('ip link set eth0 up; runs; until_said started; kill "$(cat /run/ndppd)"; ends')).toBe("ended");
  });

  test("goes on while the interface changes and stays up", () => {
    const changes = "sleep 1.5; ip addr add 192.0.2.1/24 dev eth0; ip link set eth0 mtu 1400; ip link set srv down; ip link set srv up";
    expect(shell(`ip link set eth0 up; runs; until_said started; ${changes}; sleep 1; cat /run/said`)).toBe("started");
  });

  test("is not begun before the interface is up", () => {
    expect(shell("runs; sleep 1.5; cat /run/said 2>/dev/null || echo not yet; ip link set eth0 up; until_said started; echo started")).toBe("not yet\nstarted");
  });
}); // prettier-ignore
