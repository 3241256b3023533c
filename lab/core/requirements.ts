import { existsSync } from "node:fs";
import { LabError } from "./lab-error";
import { asset } from "./places";
import { run } from "./run";

/** File that shows a package's presence → Debian package. Programs are looked for in the system's folders, whatever the PATH is. */
const needed: Readonly<Record<string, string>> = {
  "systemd-nspawn": "systemd-container",
  mmdebstrap: "mmdebstrap",
  dnsmasq: "dnsmasq-base",
  nft: "nftables",
  ip: "iproute2",
  "ssh-agent": "openssh-client",
  nsenter: "util-linux",
  flock: "util-linux",
  setpriv: "util-linux",
  pgrep: "procps",
  xz: "xz-utils",
  tcpdump: "tcpdump",
  ping: "iputils-ping",
  curl: "curl",
  dig: "bind9-dnsutils",
  "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
};

/** Debian packages that the lab needs on this machine. */
export const labPackages: readonly string[] = [...new Set(Object.values(needed))];

const present = (name: string): boolean =>
  (name.startsWith("/") ? [name] : ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map((dir) => `${dir}/${name}`)).some(
    (path) => existsSync(path),
  );

/** Which of them are not installed. */
export function missingPackages(): string[] {
  return [
    ...new Set(
      Object.entries(needed)
        .filter(([name]) => !present(name))
        .map(([, debianPackage]) => debianPackage),
    ),
  ];
}

/** Ends with one clear error unless this machine can hold a lab: Linux, root, the packages, namespaces, veth, nftables. */
export async function requireLabMachine(): Promise<void> {
  if (process.platform !== "linux") throw new LabError(`the lab needs Linux; this is ${process.platform}`, 4);
  if (process.getuid?.() !== 0)
    throw new LabError("the lab makes network namespaces and boots containers: run it as root (sudo)", 4);
  const missing = missingPackages();
  if (missing.length > 0)
    throw new LabError(
      `Debian packages that the lab needs are missing; install them: apt-get install --no-install-recommends ${missing.join(" ")}`,
      4,
    );
  await run([
    "unshare",
    "--mount",
    "--pid",
    "--net",
    "--ipc",
    "--uts",
    "--cgroup",
    "--fork",
    "--propagation",
    "private",
    "sh",
    asset("probe-kernel.sh"),
  ]).catch((error: Error) => {
    throw new LabError(
      `this kernel refuses something that the lab is made of (namespaces, veth, nftables' netdev family): ${error.message}\n` +
        "In a container, run it on the machine itself or give the container these rights; else another kernel is needed.",
      4,
    );
  });
}
