import { spawnSync } from "node:child_process";
import { container } from "../../provider/plan/script/container";
import { asRoot } from "./run-script";

jest.setTimeout(60_000);

/** What base.ts has of the frame; /srv and the kernel's list of controllers are this test's own. */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /srv; mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /sys/fs/cgroup
dir=/run/dir tab="$(printf '\t')"
mkdir -p "$dir/texts"
warn() { echo "warning: $1"; }
fail() { echo "$1: $2"; exit 1; }
systemctl() { echo "systemctl $*"; }
${container}
`;

const shell = (text: string): string =>
  spawnSync("unshare", ["--mount", "--propagation", "private", "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
  }).stdout;

asRoot("the steps of a machine's container", () => {
  const have = (names: string): string => `echo "${names}" >/sys/fs/cgroup/cgroup.controllers;`;

  test.each([
    ["has what is needed", `${have("cpuset cpu io memory pids")} step_controllers "memory pids" no`, /^$/],
    [
      "does not take a part of a name",
      `${have("cpuset")} step_controllers cpu no`,
      /^NSPAWN_KERNEL_FEATURE: .*"cpuset"/,
    ],
    [
      "lacks one",
      `${have("memory")} step_controllers "memory pids" no`,
      /^NSPAWN_KERNEL_FEATURE: .*limits\.optional: true/,
    ],
    [
      "lacks one that is optional",
      `${have("memory")} step_controllers "memory pids" yes`,
      /^warning: .*controller for pids,/,
    ],
    ["has no unified hierarchy", `step_controllers pids no`, /^NSPAWN_KERNEL_FEATURE: .*which has ""/],
  ])("a kernel that %s", (_name, text, expected) => expect(shell(text).trim()).toMatch(expected));

  const sources = (lines: string): string => `printf '${lines}' >"$dir/texts/t"; step_mount_sources t; echo taken`;

  test.each([
    ["is there", `mkdir -p /srv/a/b; ${sources("/srv/a/b\\t-\\n")}`, /^taken$/],
    ["is not there", sources("/srv/a\\t-\\n"), /^NSPAWN_INVALID_INPUT: .*\/srv\/a does not exist/],
    [
      "is a link",
      `ln -s /etc /srv/a; ${sources("/srv/a\\t-\\n")}`,
      /^NSPAWN_INVALID_INPUT: .*through a link to \/etc;/,
    ],
    ["is below a link", `ln -s /etc /srv/a; ${sources("/srv/a/ssl\\t-\\n")}`, /through a link to \/etc\/ssl/],
    ["is the second of two", `mkdir /srv/a; ${sources("/srv/a\\t-\\n/srv/b\\t-\\n")}`, /\/srv\/b does not exist/],
    ["is root's and mapped", `mkdir /srv/a; ${sources("/srv/a\\trootidmap\\n")}`, /belongs to the host's root/],
    ["is a user's and mapped", `mkdir /srv/a; chown 1234 /srv/a; ${sources("/srv/a\\trootidmap\\n")}`, /^taken$/],
  ])("a source that %s", (_name, text, expected) => expect(shell(text).trim()).toMatch(expected));

  it("take back what was set at run time, of the declared limits alone", () => {
    const folder = "/run/systemd/system.control/web.service.d";
    const said = shell(`mkdir -p ${folder}; touch ${folder}/50-TasksMax.conf ${folder}/50-CPUWeight.conf
      step_limits web.service "MemoryMax TasksMax"; ls ${folder}; step_limits other.service TasksMax`);
    expect(said).toBe("systemctl daemon-reload\n50-CPUWeight.conf\n");
  });
});
