import type { Lab } from "../support/harness";

const stopped = "while machinectl list --no-legend | grep -q nspawn; do sleep 0.3; done";

/** Stops all machines of a host, and starts them one by one in reverse order. */
export async function startedInReverse(lab: Lab, host: string): Promise<void> {
  const listed = await lab.sh(host, "machinectl list --no-legend | awk '{ print $1 }'");
  const units = listed
    .trim()
    .split("\n")
    .sort()
    .reverse()
    .map((machine) => `systemd-nspawn@${machine}`);
  await lab.sh(host, `systemctl stop ${units.join(" ")}; ${stopped}`);
  for (const unit of units) await lab.sh(host, `systemctl start ${unit}`);
}

/** Reboots a host, and waits until its next boot has begun. */
export async function rebooted(lab: Lab, host: string): Promise<void> {
  const booted = async (): Promise<string> =>
    (await lab.exec(host, ["cat", "/proc/1/stat"])).stdout.split(" ")[21] ?? "";
  const before = await booted();
  await lab.exec(host, ["systemctl", "reboot"]);
  while (["", before].includes(await booted())) await new Promise((resolve) => setTimeout(resolve, 500));
}

/** After starts, of which each takes a while: again and again, until it works. */
export async function soon(works: () => Promise<void>): Promise<void> {
  for (let tries = 30; ; tries--) {
    try {
      return await works();
    } catch (error) {
      if (tries === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
  }
}
