import { labRun } from "../../lab";

/** Seconds from the reboot until an address has to answer. */
const patience = 120;

export interface Reboot {
  /** Seconds until the last address answered. */
  seconds: number;
  silent: string[];
}

/** Identifies one boot of the host; empty while it is down. */
async function bootOf(lab: string): Promise<string> {
  const argv = ["systemctl", "show", "-p", "InvocationID", "--value", "systemd-journald.service"];
  const { code, stdout } = await labRun("h1", argv, { name: lab }).catch(() => ({ code: 1, stdout: "" }));
  return code === 0 ? stdout.trim() : "";
}

/** Reboots the host, and asks every address from the client until it answers. */
export async function rebootHost(lab: string, addresses: string[]): Promise<Reboot> {
  const before = await bootOf(lab);
  const begun = Date.now();
  const left = (): number => patience - (Date.now() - begun) / 1000;
  await labRun("h1", ["systemctl", "reboot"], { name: lab });
  for (let now = before; now === before || now === ""; now = await bootOf(lab)) {
    if (left() <= 0) return { seconds: patience, silent: addresses };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const silent = await Promise.all(
    addresses.map(async (address) => ((await answers(lab, address, left())) ? "" : address)),
  );
  return { seconds: (Date.now() - begun) / 1000, silent: silent.filter((address) => address !== "") };
}

async function answers(lab: string, address: string, seconds: number): Promise<boolean> {
  const ask = 'until ping -n -q -c 1 -W 1 "$1" >/dev/null 2>&1; do sleep 0.2; done';
  const argv = ["timeout", String(Math.max(1, Math.ceil(seconds))), "sh", "-c", ask, "sh", address];
  return (await labRun("client", argv, { name: lab })).code === 0;
}
