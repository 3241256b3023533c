import { readFileSync } from "node:fs";
import { asset } from "../core/places";
import { archiveKeyring } from "../packages/sources";
import type { Tree } from "./trees";

/** Files put into the image beside Debian's own. Those with "lab" in the name exist because a server here is a container; the others imitate Hetzner's image. */
export const imageFiles = (tree: Tree): Readonly<Record<string, string>> => ({ ...commonFiles, ...aptSources(tree) });

/** In the form that each release's own images have. */
function aptSources({ suite }: Tree): Record<string, string> {
  if (suite === "bookworm")
    return {
      "etc/apt/sources.list": `deb http://deb.debian.org/debian ${suite} main
deb http://deb.debian.org/debian ${suite}-updates main
deb http://security.debian.org/debian-security ${suite}-security main
`,
    };
  const stanza = (uri: string, names: string) =>
    `Types: deb\nURIs: ${uri}\nSuites: ${names}\nComponents: main\nSigned-By: ${archiveKeyring}\n`;
  return {
    "etc/apt/sources.list": "# See /etc/apt/sources.list.d/debian.sources\n",
    "etc/apt/sources.list.d/debian.sources": [
      stanza("http://deb.debian.org/debian", `${suite} ${suite}-updates`),
      stanza("http://security.debian.org/debian-security", `${suite}-security`),
    ].join("\n"),
  };
}

const commonFiles: Readonly<Record<string, string>> = {
  // The lab's mirror is a snapshot: its signatures hold, its best-before date passes.
  "etc/apt/apt.conf.d/90lab-snapshot": `Acquire::Check-Valid-Until "false";\nAcquire::Languages "none";\n`,
  "etc/cloud/cloud.cfg.d/90_hetznercloud.cfg": `# Root logs in by key, as in Hetzner's images; the network is rendered at every boot, as their data source does.
disable_root: false
ssh_pwauth: false
preserve_hostname: false
manage_etc_hosts: true
apt_preserve_sources_list: true
system_info:
  default_user:
    name: root
    lock_passwd: true
    shell: /bin/bash
`,
  // The hardware check of the Hetzner data source cannot pass in a container (hetzner.md 3.2).
  "etc/cloud/cloud.cfg.d/95_lab.cfg": `datasource_list: [NoCloud, None]
updates:
  network:
    when: [boot-new-instance, boot]
growpart: { mode: "off" }
resize_rootfs: false
`,
  "etc/ssh/sshd_config.d/50-cloud-root.conf": "PermitRootLogin prohibit-password\n",
  // /proc/sys is writable below net only, so systemd skips systemd-sysctl as a whole.
  "etc/systemd/system/systemd-sysctl.service.d/lab.conf": `[Unit]
ConditionPathIsReadWrite=
[Service]
ExecStart=
ExecStart=/lib/systemd/systemd-sysctl --prefix=/net
`,
  "etc/hostname": "debian\n",
  "etc/locale.gen": "en_US.UTF-8 UTF-8\n",
  "etc/default/locale": "LANG=C.UTF-8\n",
};

/** Units that make no sense without hardware or slow the boot; masked in the image. */
const maskedUnits = [
  "e2scrub_reap.service",
  "e2scrub_all.timer",
  "systemd-firstboot.service",
  "systemd-timesyncd.service",
  "getty@tty1.service",
];

/** Whether names are resolved by systemd-resolved, as it comes with the package. */
const isResolved = ({ packages }: Tree): boolean => packages.includes("systemd-resolved");

const finish = asset("finish-image.sh");

/** Finishes a fresh tree. */
export const finishCommand = (tree: Tree, target: string): string[] => [
  ...["sh", finish, target, isResolved(tree) ? "resolved" : "file"],
  ...maskedUnits,
];

export function bootstrapCommand(tree: Tree, mirror: string, architecture: string, target: string): string[] {
  const { suite, packages } = tree;
  const source = (folder: string, name: string) =>
    `deb [signed-by=${archiveKeyring}] copy://${mirror}/${folder} ${name} main`;
  return [
    "mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", `--architectures=${architecture}`,
    `--include=${packages.join(",")}`, "--aptopt=Acquire::Check-Valid-Until \"false\"", "--aptopt=Acquire::Languages \"none\"",
    "--aptopt=Apt::Install-Recommends \"false\"", suite, target,
    source("debian", suite), source("debian", `${suite}-updates`), source("debian-security", `${suite}-security`),
  ]; // prettier-ignore
}

/** What the image depends on, for its place in the cache. */
export const recipeText = (tree: Tree): string =>
  JSON.stringify([
    5,
    imageFiles(tree),
    readFileSync(finish, "utf8"),
    finishCommand(tree, "").slice(2),
    bootstrapCommand(tree, "", "", ""),
  ]);
