import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";

/** A host whose btrfs(8) keeps groups in a file; that of systems with btrfs-progs 6.7 is in test/lab/long/quota.test.ts. */
const frame =
  String.raw`
set -eu
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
TREES=$dir STORE=$dir/store TAB=$(printf '\t') DIR=$dir
mkdir "$STORE" "$dir/quotas" "$dir/web"; : >"$dir/groups.txt"
kernel=6.12.3-amd64 progs=6.14
storage_is_mounted() { :; }
uname() { echo "$kernel"; }
findmnt() { echo none; }
fail() { echo "$1: $2"; exit 1; }
warn() { echo "warning: $1"; }
run() { "$@" >/dev/null; }
btrfs() {
  case "$1 ` +
  "${2:-}" +
  String.raw`" in
    --version*) echo "btrfs-progs v$progs" ;;
    "inspect-internal rootid") echo "` +
  "${root:-258}" +
  String.raw`" ;;
    "qgroup show") echo head; cat "$dir/groups.txt" ;;
    "qgroup create") echo "$3 0 0 none none -" >>"$dir/groups.txt"; echo "0/` +
  "${3#1/}" +
  String.raw` 0 0 none none -" >>"$dir/groups.txt" ;;
    "qgroup assign") sed -i "s|^$3 .*|$3 0 0 none none $4|" "$dir/groups.txt" ;;
    "qgroup limit") sed -i "s|^$4 .*|$4 7 7 $3 none -|" "$dir/groups.txt" ;;
    "qgroup destroy") sed -i "\|^$3 |d" "$dir/groups.txt" ;;
  esac
  echo "$*" >>"$dir/calls"
}
btrfs_calls() { grep -v -e rootid -e show -e version "$dir/calls" 2>/dev/null | sed "s|$dir|T|g" || :; }
${hostFile("steps/quota.sh").replace("QUOTAS=/etc/pulumi-nspawn/quotas", "QUOTAS=$dir/quotas")}
wanted() { printf '%s\n' "$@" >"$dir/quotas/web"; }
`;

function shell(text: string): string[] {
  const { stdout, stderr } = spawnSync("sh", ["-c", `${frame}\n${text}`], { encoding: "utf8" });
  return (stdout.trim() || stderr.trim()).split("\n");
}

describe("a machine's quota", () => {
  it("is that of a group above the tree's own, made once", () => {
    const said = shell("wanted '# x' DiskQuota=1000; step_quota web; step_quota web; btrfs_calls; facts_of_quotas");
    expect(said).toEqual([
      ...[
        "quota enable --simple T",
        "qgroup create 1/258 T",
        "qgroup assign 0/258 1/258 T",
        "qgroup limit 1000 1/258 T",
      ],
      ...["quota enable --simple T", "qgroup limit 1000 1/258 T", "web\t1000\t7"],
    ]);
  });

  it("goes, without a trace where there was none", () => {
    const gone = "wanted DiskQuota=1000; step_quota web; rm $QUOTAS/web $dir/calls; step_quota web; btrfs_calls";
    expect(shell(`${gone}; facts_of_quotas`)).toEqual(["qgroup limit none 1/258 T"]);
    expect(shell("step_quota web; btrfs_calls; echo no more")).toEqual(["no more"]);
  });

  it.each([
    ["rmdir $STORE", "the machines of this host are in a directory"],
    ["storage_is_mounted() { false; }", "the machines of this host are in a directory"],
    ["kernel=6.1.0-18-amd64", "its kernel is 6.1.0-18-amd64"],
    ["kernel=5.15", "its kernel is 5.15"],
    ["progs=6.2", "it has btrfs-progs v6.2"],
    ["lacks_quotas() { printf others; }", "others"],
  ])("is refused after %s, or told where that is accepted", (before, why) => {
    expect(shell(`${before}; step_quota_fits no`)[0]).toMatch(
      new RegExp(`^NSPAWN_KERNEL_FEATURE: limits.diskQuota needs .*: ${why}; set limits.optional`),
    );
    expect(shell(`${before}; step_quota_fits yes`)[0]).toBe(`warning: limits.diskQuota holds nothing back: ${why}`);
    expect(shell(`${before}; wanted DiskQuota=9 Optional=yes; step_quota web; facts_of_quotas; btrfs_calls`)).toEqual([
      "web\t9\t0",
    ]);
  });

  it.each(["6.7.0", "6.12.3-amd64", "7.0-rc1"])("fits Linux %s", (kernel) => {
    expect(shell(`kernel=${kernel}; step_quota_fits no; echo fits`)).toEqual(["fits"]);
  });

  it("of a tree that is gone goes with the next change", () => {
    const gone = `wanted DiskQuota=9; echo "1/300 0 0 none none -" >>"$dir/groups.txt"; step_quota web; btrfs_calls | grep destroy`;
    expect(shell(gone)).toEqual(["qgroup destroy 1/300 T"]);
  });

  it("is never that of the whole file system", () => {
    expect(shell("root=5; wanted DiskQuota=1000; step_quota web; echo passed")[0]).toMatch(
      /^NSPAWN_KERNEL_FEATURE: limits\.diskQuota: .*\/web is no subvolume of its own/,
    );
    expect(shell("root=5; wanted DiskQuota=1000; (step_quota web) >/dev/null || :; btrfs_calls; echo none")).toEqual([
      "none",
    ]);
  });
});
