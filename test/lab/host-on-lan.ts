import { debian } from "../support/debian";
import type { Lab } from "../support/harness";
import { apiServer } from "./api-server";

/** A host of the lab's plain LAN: no server of Hetzner's, but one that somebody has installed. */
export interface HostOnLan {
  address: string;
  hostKey: string;
}

/**
 * Starts one, as Debian's installer leaves it, and waits for its lease. A key that this makes at the lab's API goes again: a program that
 * has a `hcloud.SshKey` of the same would find it taken.
 */
export async function hostOnLan(lab: Lab, name: string): Promise<HostOnLan> {
  const keys = async (): Promise<number[]> =>
    ((await lab.api("GET", "/ssh_keys")) as { ssh_keys: { id: number }[] }).ssh_keys.map(({ id }) => id);
  const before = await keys();
  const public_net = { enable_ipv4: false, enable_ipv6: false };
  const { hostKey } = await apiServer(lab, name, { image: `${debian.image}-lan`, public_net });
  for (const id of await keys()) if (!before.includes(id)) await lab.api("DELETE", `/ssh_keys/${id}`);
  const shown = "ip -o -4 addr show dev eth0 scope global";
  const found = await lab.sh(name, `until ${shown} | grep -q inet; do sleep 0.5; done; ${shown}`);
  return { address: / inet ([^/]+)\//.exec(found)?.[1] ?? "no address", hostKey };
}
