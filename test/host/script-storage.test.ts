import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { hostFile } from "../../provider/host/files";
import { hostLibrary } from "../../provider/host/program";
import { asRoot } from "../support/run-script";

jest.setTimeout(120_000);

const hasBtrfs = existsSync("/dev/loop-control") && spawnSync("mkfs.btrfs", ["--version"]).status === 0;

/** A host whose /var/lib is a disk of 6 GB; systemd is a shell function that mounts as the unit says. */
const frame = String.raw`
set -eu
disk=$1
mkdir -p "$disk/lib" && mount --bind "$disk/lib" /var/lib && mkdir -p /var/lib/pulumi-nspawn/owners
${hostLibrary()}
mount -t tmpfs tmpfs /run
mkdir -p /run/dir/texts /run/keep /run/mine /run/system; mount --bind /run/system /etc/systemd/system
DIR=/run/dir KEEP=/run/keep MINE=/run/mine CHANGED="" FAILED=""
: >$MINE/made; : >/run/system/var-lib-machines.mount
fail() { echo "$1: $2"; exit 1; }
say() { :; }
warn() { echo "warning: $1"; }
run() { "$@" </dev/null >/dev/null; }
systemctl() { case $1 in start) mount -o loop,noatime "$STORE_FILE" "$TREES" ;; *) : ;; esac; }
${hostFile("steps/storage.sh")}
${hostFile("steps/tree.sh")}
${hostFile("steps/machine.sh")}
${hostFile("steps/quota.sh")}
${hostFile("steps/life.sh")}
tree_pl() { :; }
image() { new_tree "$(store)/$1"; echo content >"$(store)/$1/file"; }
step_package() { :; }
step_unit() { :; }
kind() { stat -f -c %T "$1"; }
`;

asRoot("storage of its own (needs root, loop devices, and mkfs.btrfs of btrfs-progs)", () => {
  const run = hasBtrfs ? test : test.skip;
  let disk: string;
  beforeAll(() => {
    disk = spawnSync("mktemp", ["-d"], { encoding: "utf8" }).stdout.trim();
  });
  afterEach(() => {
    spawnSync("sh", ["-c", `rm -rf "${disk}/lib"`]);
    // Nothing holds a loop device any more: mounts go with their namespace.
    expect(spawnSync("losetup", ["-a"], { encoding: "utf8" }).stdout).not.toContain(disk);
  });
  afterAll(() => spawnSync("rmdir", [disk]));

  function shell(text: string): string {
    const spaces = ["--mount", "--propagation", "private"];
    const { stdout, stderr } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`, "sh", disk], {
      encoding: "utf8",
    });
    return (stdout.trim() || stderr).trim();
  }
  const gib = 2 ** 30;
  const made = `step_storage_fits ${gib}; step_storage ${gib}`;

  run("counts what a machine takes by itself where its quotas are on, and says nothing where they are off", () => {
    const look =
      "printf 'web\\nnobody\\n' >$DIR/texts/names; frame() { grep disk \"$3\" || echo none; }; step_life names";
    const said = shell(`${made}; image one; copy_tree "$(store)/one" $TREES/web; ${look}; btrfs -q quota enable $TREES
      head -c 3000000 /dev/urandom >$TREES/web/large; sync; btrfs -q filesystem sync $TREES; btrfs -q quota rescan -w $TREES; ${look}`);
    const [without, [machine, word, bytes] = []] = said.split("\n").map((line) => line.split("\t"));
    expect([without, machine, word]).toEqual([["none"], "web", "disk"]);
    expect(Math.round(Number(bytes) / 1e6)).toBe(3);
  });

  run("is made once, mounted, and holds images and machines that are snapshots", () => {
    const said = shell(`${made}; ${made}; kind $TREES; stat -c %a $TREES; image one; copy_tree "$(store)/one" $TREES/web
      is_subvolume $TREES/web && cat $TREES/web/file; store; echo; du -s --block-size=1M $STORE_FILE | awk '{ print ($1 < 200) }'`);
    expect(said.split("\n")).toEqual(["btrfs", "700", "content", "/var/lib/machines/.pulumi-nspawn", "1"]);
  });

  run("a snapshot goes at once, also with what systemd and others made in it", () => {
    const said = shell(`${made}; image one; for name in a b c; do copy_tree "$(store)/one" $TREES/$name; done
      mkdir -p $TREES/b/var/lib; btrfs -q subvolume create $TREES/b/var/lib/machines; btrfs -q subvolume create $TREES/b/var/lib/portables
      btrfs -q subvolume create $TREES/c/own; echo x >$TREES/c/own/file
      for name in a b c; do discard $TREES/$name; done; ls -A $TREES; btrfs subvolume list $TREES | sed 's/.* //'`);
    expect(said.split("\n")).toEqual([".pulumi-nspawn", ".pulumi-nspawn/one"]);
  });

  run("grows in place, and does not shrink", () => {
    const size = "df -B1M --output=size $TREES | tail -n 1 | tr -d ' '";
    const grown = shell(`${made}; ${size}; step_storage_fits ${2 * gib}; step_storage ${2 * gib}; ${size}`);
    expect(grown.split("\n")).toEqual(["1024", "2048"]);
    expect(shell(`${made.replaceAll(`${gib}`, `${2 * gib}`)}; step_storage_fits ${gib}`)).toMatch(
      /^NSPAWN_INVALID_INPUT: storage\.size cannot shrink: .* has 2147483648 bytes/,
    );
  });

  run.each([
    ["machines that it would hide", "mkdir -p $TREES/web", /^NSPAWN_OWNED: .* is not empty \(web\)/],
    ["what is mounted there", "mkdir -p $TREES; mount -t tmpfs none $TREES", /^NSPAWN_OWNED: something is mounted on/],
    ["a disk without room", "megabytes_free() { echo 100; }", /^NSPAWN_DISK_FULL: .* 100 MB free/],
  ])("refuses %s before anything changes", (_, before, told) => {
    expect(shell(`${before}; ${made}; echo passed`)).toMatch(told);
    expect(existsSync(`${disk}/lib/pulumi-nspawn/machines.btrfs`)).toBe(false);
  });

  const choice = `step_choose_storage -; echo $CHOSEN`;
  run.each([
    ["a file system of its own where nothing is", "", "btrfs"],
    ["what it chose before", `${made}; mkdir $TREES/web; CHOSEN=directory`, "btrfs"],
    ["a directory where machines are", "mkdir -p $TREES/web", "directory"],
    ["a directory where something is mounted", "mkdir -p $TREES; mount -t tmpfs none $TREES", "directory"],
    ["a directory where somebody is to mount something", "systemctl() { echo /run/x.mount; }", "directory"],
    [
      "the same beside the unit of systemd-container",
      "systemctl() { case $1 in show) echo /usr/lib/systemd/system/x.mount ;; *) : ;; esac; }",
      "btrfs",
    ],
    ["a directory on a small disk", "megabytes_free() { echo 3000; }", "directory"],
    ["a directory on a kernel without btrfs", "has_btrfs() { false; }", "directory"],
    ["a directory without loop devices", "has_loops() { false; }", "directory"],
    ["the disk itself where that is btrfs", "kind_of_disk() { echo btrfs; }", "native"],
  ])("chooses %s", (_, before, chosen) => {
    expect(shell(`${before || ":"}; ${choice}`)).toBe(chosen);
  });

  run("a size that the disk does not have makes a directory, and none that it has becomes smaller", () => {
    expect(shell(`step_choose_storage ${2 ** 50}; echo $CHOSEN`)).toBe("directory");
    expect(shell(`${made.replaceAll(`${gib}`, `${2 * gib}`)}; step_choose_storage ${gib}`)).toMatch(
      /^NSPAWN_INVALID_INPUT: storage\.size cannot shrink/,
    );
  });

  run.each([
    ["with its unit", ":", "remember var-lib-machines.mount\nfile /unit\nbtrfs"],
    ["as a directory without one", "mkdir -p $TREES/web; kind() { echo as it was; }", "as it was"],
  ])("what was chosen is made %s", (_, before, made) => {
    const whole =
      "step_file() { echo file $1; }; remember_unit() { echo remember $1; }; step_storage_mount /unit text; step_storage -; kind $TREES";
    expect(shell(`${before}; step_choose_storage -; ${whole}`)).toBe(made);
  });

  run("a machine is not made below a mount that is missing", () => {
    const said = shell(`${made}; umount $TREES; systemctl() { :; }; need_storage`);
    expect(said).toMatch(/^NSPAWN_STEP_FAILED: the storage of machines is not mounted/);
    expect(shell(`${made}; umount $TREES; need_storage; storage_is_mounted && echo mounted`)).toBe("mounted");
  });

  run("goes with the change that made it", () => {
    expect(shell(`${made}; undo_storage; ls /var/lib/pulumi-nspawn $TREES`)).not.toContain("btrfs");
  });

  run("goes when it is empty, and stays with machines or with what was thrown away", () => {
    const gone = "umount $TREES; step_storage_left; ls -A $LIBRARY";
    expect(shell(`${made}; image one; step_no_storage; ${gone}`)).toBe("owners");
    expect(shell(`${made}; mkdir $TREES/web; step_no_storage`)).toMatch(/^NSPAWN_OWNED: .* has machines \(web\)/);
    expect(shell(`${made}; rmdir $TREES/web; mkdir -p $STORE/trash/web; step_no_storage; ${gone}`)).toMatch(
      /^warning: .*machines\.btrfs stays on the host.*\nmachines\.btrfs\nowners$/s,
    );
  });
});
