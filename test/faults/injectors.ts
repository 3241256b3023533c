import type { Disturbance } from "./fault";
import type { FaultHost } from "./host";
import type { Provider } from "./provider";

export interface Scene {
  host: FaultHost;
  provider: Provider;
}

export interface Injection {
  /** Whether the host begins anew, so that nothing waits at the gate any more. */
  rebooted: boolean;
  /** Takes the disturbance away. */
  lift: () => Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

/** No packet of SSH passes the router, in either direction and of no connection, old or new. */
async function blackhole({ host }: Scene): Promise<Injection> {
  const table = `faults${host.id}`;
  const drop = [`ip daddr ${host.ipv4} tcp dport 22 drop`, `ip saddr ${host.ipv4} tcp sport 22 drop`];
  const rules = `table inet ${table} {\nchain forward {\ntype filter hook forward priority -10\n${drop.join("\n")}\n}\n}\n`;
  await host.lab.sh("router", "nft -f -", rules);
  return { rebooted: false, lift: async () => void (await host.lab.sh("router", `nft delete table inet ${table}`)) };
}

/** The server and everybody's session; systemd starts the server again by itself. */
async function sshd({ host }: Scene): Promise<Injection> {
  await host.sh("systemctl kill --kill-whom=main -s KILL ssh; kill -9 $(pgrep -f '^sshd: ') 2>/dev/null || :");
  return { rebooted: false, lift: nothing };
}

function provider({ provider: process }: Scene): Promise<Injection> {
  process.kill();
  return Promise.resolve({ rebooted: false, lift: nothing });
}

/** The program on the host; not the one that confirms it. */
async function program({ host }: Scene): Promise<Injection> {
  await host.sh("kill -9 $(pgrep -o -f '^[^ ]*sh /run/pulumi-nspawn[^ ]*/script ') || :");
  return { rebooted: false, lift: nothing };
}

/** The power is cut and comes back. */
async function reboot({ host }: Scene): Promise<Injection> {
  await host.power("reset");
  await host.booted();
  return { rebooted: true, lift: nothing };
}

async function disk({ host }: Scene): Promise<Injection> {
  await host.disk.fill();
  return { rebooted: false, lift: () => host.disk.empty() };
}

export const injectors: Record<Disturbance, (scene: Scene) => Promise<Injection>> = {
  blackhole,
  sshd,
  provider,
  program,
  reboot,
  disk,
};
