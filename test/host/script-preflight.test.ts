import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary } from "../../provider/host/program";
import { asRoot } from "../support/run-script";

jest.setTimeout(60_000);

/** The library, on a host that has all that is needed; what a case adds takes something of it away. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /run; mkdir -p /run/systemd/system /run/dir
DIR=/run/dir MISSING=""
say() { :; }
fail() { echo "$1: $2"; exit 1; }
room() { :; }
systemctl() { echo "systemd 252 (252.39-1~deb12u1)"; }
${hostFile("steps/host.sh")}
`;

const preflight = (before: string): string =>
  spawnSync(
    "unshare",
    ["--mount", "--propagation", "private", "sh", "-c", `${frame}\n${before}\nstep_preflight 1; echo fit`],
    { encoding: "utf8" },
  ).stdout.trim();

/** The kernel refuses what `unshare` is asked for, as it would be said. */
const refuses = (what: string): string =>
  `unshare() { case "$*" in *"${what}"*) echo "Operation not supported" >>"$DIR/log"; return 1 ;; esac; }`;

// S2.01: the package is there, and the kernel's namespaces and links.
asRoot("whether a host can hold machines", () => {
  test.each([
    ["has all of it", "", /^fit$/],
    ["is no Debian", "mount -t tmpfs tmpfs /etc", /^NSPAWN_NOT_DEBIAN: .*Debian 12 or newer/],
    ["has another init", "rmdir /run/systemd/system", /^NSPAWN_NOT_DEBIAN: systemd is not PID 1/],
    ["is too old", 'systemctl() { echo "systemd 247 (247.3-7)"; }', /^NSPAWN_NOT_DEBIAN: the host has systemd 247;/],
    ["has no bridges", refuses("type bridge"), /^NSPAWN_KERNEL_FEATURE: .*cannot make a bridge: Operation not/],
    ["has no veth pairs", refuses("type veth"), /^NSPAWN_KERNEL_FEATURE: .*cannot make a veth/],
    ["has no user namespaces", refuses("--user"), /^NSPAWN_KERNEL_FEATURE: .*no user namespaces/],
  ])("one that %s", (_name, before, expected) => expect(preflight(before)).toMatch(expected));
});
