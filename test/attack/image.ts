import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { runningLab } from "../../lab/lab-record";
import { labCacheDir, packageDir } from "../../lab/core/places";
import { run } from "../../lab/core/run";
import { withLock } from "../../lab/core/with-lock";
import { labSpawn } from "../../lab/exec";
import { imageHash, imagePackages } from "../../provider/model/image";
import type { FaultHost } from "../faults/host";
import { debian } from "../support/debian";

/** What a machine of the suite is made of. */
export const guestImage = {
  suite: debian.suite,
  packages: ["python3-scapy", "iputils-arping", "ndisc6", "libcap2-bin"],
};

const args = {
  kind: "debootstrap" as const,
  mirror: "http://deb.debian.org/debian",
  variant: "minbase",
  ...guestImage,
};

/** As the library leaves an image; see provider/host/steps/image.sh. */
const finish = `root=$1
: >"$root/etc/machine-id"
rm -rf "$root"/var/lib/dbus/machine-id "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root/etc/resolv.conf" "$root/etc/hostname"
systemctl --root="$root" -q enable systemd-networkd.service
systemctl --root="$root" -q disable systemd-networkd-wait-online.service || :`;

/** The image as a tar file in the lab's cache, made from the lab's mirror without debootstrap's minutes. */
async function ensureTar(lab: string): Promise<string> {
  const mirror = runningLab(lab).mirrors[guestImage.suite] ?? "";
  const key = createHash("sha256")
    .update(JSON.stringify([imagePackages(args), finish, basename(mirror)]))
    .digest("hex");
  const cache = labCacheDir();
  const tar = join(cache, `attacker-${key.slice(0, 16)}.tar`);
  await withLock(cache, basename(tar), async () => {
    if (!existsSync(tar)) await build(tar, mirror);
  });
  return tar;
}

async function build(tar: string, mirror: string): Promise<void> {
  const tree = `${tar}.tree`;
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree);
  const alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"];
  const options = [
    'Acquire::Check-Valid-Until "false"',
    'Acquire::Languages "none"',
    'Apt::Install-Recommends "false"',
  ];
  const bootstrap = ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory"];
  const source = `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] copy://${mirror}/debian ${args.suite} main`;
  const what = [`--include=${imagePackages(args).join(",")}`, ...options.map((option) => `--aptopt=${option}`)];
  const root = join(tree, "root");
  await run([...alone, ...bootstrap, ...what, args.suite, root, source], { dieWithParent: true });
  await run(["sh", "-ec", finish, "finish", root]);
  await run(["tar", "-C", root, "--numeric-owner", "-cf", `${tar}.part`, "."]);
  await run(["rm", "-rf", "--one-file-system", tree]);
  renameSync(`${tar}.part`, tar);
}

/** Puts the image where the library would have built it, with what the suite needs inside, and the same on the host itself. */
export async function plant(host: FaultHost, told: (text: string) => void): Promise<void> {
  told("making the machines' image");
  const tar = await ensureTar(host.lab.name);
  told("putting the image on the host");
  const tree = `/var/lib/pulumi-nspawn/images/${imageHash(args)}`;
  await unpack(host, ["cat", tar], tree);
  const ours = ["tar", "-C", join(packageDir(), "test", "attack", "guest"), "--exclude=__pycache__", "-cf", "-", "."];
  for (const root of ["", tree]) await unpack(host, ours, `${root}/opt/attack`);
  await host.sh(`for root in / ${tree}; do
    chown -R 0:0 "$root/opt/attack"
    printf '#!/bin/sh\\nexec python3 -B /opt/attack/reach.py "$@"\\n' >"$root/usr/local/bin/reach"
    chmod 0755 "$root/usr/local/bin/reach"
  done
  cp ${tree}/opt/attack/attack-agent.service ${tree}/etc/systemd/system/
  systemctl --root=${tree} -q enable attack-agent.service`);
}

function unpack(host: FaultHost, [program = "", ...argv]: string[], to: string): Promise<void> {
  const source = spawn(program, argv, { stdio: ["ignore", "pipe", "inherit"] });
  const untar = ["sh", "-ec", 'mkdir -p "$1"; exec tar -C "$1" --numeric-owner -xf -', "sh", to];
  const target = labSpawn(host.name, untar, { name: host.lab.name, stdio: [source.stdout, "ignore", "inherit"] });
  return new Promise((resolve, reject) => {
    target.on("error", reject);
    target.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`tar on ${host.name}: exit code ${code}`)),
    );
  });
}
