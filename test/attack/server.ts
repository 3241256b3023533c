import { setTimeout as sleep } from "node:timers/promises";
import { FaultHost } from "../faults/host";
import type { FaultLab } from "../faults/lab";
import type { Mode } from "./mode";

/** A server of the lab with addresses for machines. */
export interface Server {
  host: FaultHost;
  /** Of each machine, in order: its IPv4 and IPv6 address. None on a LAN, which gives them itself. */
  addresses: [string, string][];
}

const machines = 4;

interface Action {
  id: number;
  status: string;
}

interface Floating {
  floating_ip: { ip: string };
  action: Action | null;
}

/** A server takes one action at a time. */
async function done(lab: FaultLab, action: Action | null): Promise<void> {
  for (let now = action; now?.status === "running"; await sleep(100))
    now = (await lab.api<{ action: Action }>("GET", `/actions/${now.id}`)).action;
}

/**
 * What machines need on their host; the library would install the same. Not resolved: the library keeps names resolving meanwhile.
 * The other host of a network of two sends frames itself.
 */
const packagesOf = ({ tunnel }: Mode): string => `export DEBIAN_FRONTEND=noninteractive
apt-get -q update >/dev/null
apt-get -q -y --no-install-recommends install debootstrap systemd-container nftables ${tunnel === undefined ? "" : "python3-scapy"} >/dev/null`;

export async function orderServer(lab: FaultLab, mode: Mode, name: string): Promise<Server> {
  const host = await FaultHost.order(lab, name, await sshKey(lab), mode.lan ? "lan" : undefined);
  await host.sh(packagesOf(mode));
  const addresses: [string, string][] = [];
  for (let index = 0; !mode.lan && index < machines; index += 1) {
    const order = { type: "ipv4", server: host.id, description: `${name} ${index}` };
    const { floating_ip, action } = await lab.api<Floating>("POST", "/floating_ips", order);
    await done(lab, action);
    addresses.push([floating_ip.ip, host.ipv6.replace("::/64", `::a${index}`)]);
  }
  return { host, addresses };
}

async function sshKey(lab: FaultLab): Promise<number> {
  const { ssh_keys } = await lab.api<{ ssh_keys: { id: number }[] }>("GET", "/ssh_keys");
  if (ssh_keys[0] !== undefined) return ssh_keys[0].id;
  const public_key = (await lab.sh("operator", 'cat "$NSPAWN_LAB_SSH_KEY.pub"')).trim();
  return (await lab.api<{ ssh_key: { id: number } }>("POST", "/ssh_keys", { name: "attack", public_key })).ssh_key.id;
}
