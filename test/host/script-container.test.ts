import { hostLibrary } from "../../provider/host/program";
import { hostFile } from "../../provider/host/files";
import { hostText } from "../../provider/host/text";
import { spawnSync } from "node:child_process";
import type { MachineArgs } from "../../provider/model/args";
import { mountsCheck } from "../../provider/render/mounts";
import { asRoot } from "../support/run-script";

const container = `${hostText("mount-state.sh")}${hostFile("steps/container.sh")}`;

jest.setTimeout(60_000);

/** The library; /srv and the kernel's list of controllers are this test's own. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /srv; mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /sys/fs/cgroup
DIR=/run/dir OWNERS=/run/owners MINE=/run/owners/k TAB="$(printf '\t')"
mkdir -p "$DIR/texts" "$MINE"
warn() { echo "warning: $1"; }
fail() { echo "$1: $2"; exit 1; }
systemctl() {
  case "$*" in
    "show -p LoadState srv-volume.mount") echo LoadState=loaded ;;
    "-q is-active srv-volume.mount") mountpoint -q /srv/volume ;;
    show*) echo LoadState=not-found ;;
    *) echo "systemctl $*" ;;
  esac
}
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

  const sources = (lines: string): string => `printf '${lines}' >"$DIR/texts/t"; step_mount_sources k t; echo taken`;

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

  const lines = `printf '/srv/a/b\\t-\n' >"$DIR/texts/t"`;
  const noted = `mkdir -p /srv/a; mount -t tmpfs volume /srv/a; mkdir /srv/a/b; ${lines}; step_remember_mounts t`;
  const again = "step_mount_sources k t; facts_of_mounts";

  test.each([
    ["mounted as it was", noted, "k\t/srv/a/b\tthere"],
    [
      "not mounted, and an empty folder is there",
      `${noted}; umount /srv/a; mkdir -p /srv/a/b`,
      "k\t/srv/a/b\tnot mounted: it is on /srv, and was on /srv/a",
    ],
    ["not mounted, and nothing is there", `${noted}; umount /srv/a`, "k\t/srv/a/b\tabsent"],
    [
      "another file system in its place",
      `${noted}; umount /srv/a; mount -t tmpfs other /srv/a; mkdir /srv/a/b`,
      "k\t/srv/a/b\ton another file system of /srv/a: other, and was on volume",
    ],
    ["on a volume of its own meanwhile", `${noted}; mount -t tmpfs deeper /srv/a/b`, "k\t/srv/a/b\tthere"],
  ])("see in a refresh that a source is %s", (_name, before, line) =>
    expect(shell(`${before}; facts_of_mounts`)).toBe(`${line}\n`),
  );

  it("refuse a source that is not what it was, before anything is changed", () => {
    expect(shell(`${noted}; umount /srv/a; mkdir -p /srv/a/b; ${again}`)).toBe(
      "NSPAWN_INVALID_INPUT: settings.files: /srv/a/b is not mounted: it is on /srv, and was on /srv/a; mount it as it was and run up again. If its data is here now, run up once without this folder, and then with it\n",
    );
    expect(shell(`${noted}; ${again}`)).toBe("k\t/srv/a/b\tthere\n");
  });

  it("refuse a source that the host would mount and has not", () => {
    const fill = `mkdir -p /srv/volume/data; printf '/srv/volume/data\\t-\n' >"$DIR/texts/t"`;
    expect(shell(`${fill}; step_mount_sources k t; echo taken`)).toMatch(
      /^NSPAWN_INVALID_INPUT: settings\.files: \/srv\/volume\/data is below \/srv\/volume, which srv-volume\.mount mounts, and which is not mounted;/,
    );
    const mounted = "mkdir -p /srv/volume; mount -t tmpfs volume /srv/volume";
    expect(shell(`${mounted}; ${fill}; step_mount_sources k t; echo taken`)).toBe("taken\n");
  });

  it("keep a machine from starting on what is not its folder", () => {
    const args = { name: "web", settings: { files: { bind: [{ source: "/srv/a/b" }] } } } as unknown as MachineArgs;
    const check = `mount -t tmpfs tmpfs /var/lib; mkdir -p /var/lib/pulumi-nspawn; ln -s /run/owners /var/lib/pulumi-nspawn/owners
      echo web >$MINE/machine; sh /run/check web 2>&1 && echo starts`;
    const file = `cat >/run/check <<'END'\n${mountsCheck(args)}\nEND`;
    expect(shell(`${noted}; ${file}\n${check}`)).toBe("starts\n");
    expect(shell(`${noted}; umount /srv/a; mkdir -p /srv/a/b; ${file}\n${check}`)).toBe(
      "/srv/a/b is not mounted: it is on /srv, and was on /srv/a; mount it as it was, and start the machine again\n",
    );
  });

  it("take back what was set at run time, of the declared limits alone", () => {
    const folder = "/run/systemd/system.control/web.service.d";
    const said = shell(`mkdir -p ${folder}; touch ${folder}/50-TasksMax.conf ${folder}/50-CPUWeight.conf
      step_limits web.service "MemoryMax TasksMax"; ls ${folder}; step_limits other.service TasksMax`);
    expect(said).toBe("systemctl daemon-reload\n50-CPUWeight.conf\n");
  });
});
