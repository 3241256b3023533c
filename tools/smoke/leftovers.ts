import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, type CloudApi } from "./cloud-api";
import { labelSelector, type Order } from "./order";

/** Something of a run that the API still has. */
export interface Leftover {
  /** Part of the API's path. */
  kind: "servers" | "floating_ips" | "primary_ips" | "ssh_keys";
  id: number;
  name: string;
}

interface Entry {
  id: number;
  name: string;
}

interface ServerEntry extends Entry {
  public_net: { ipv4: { id: number } | null; ipv6: { id: number } | null };
}

// A floating address can go only when its server is gone.
const labelled = ["servers", "floating_ips", "ssh_keys"] as const;

/** Ids of the servers' own addresses: they carry no label of ours, and are to go with the servers. */
export async function primaryIps(api: CloudApi, order: Order): Promise<number[]> {
  const selector = encodeURIComponent(labelSelector(order));
  const servers = await api.list<ServerEntry>(`/servers?label_selector=${selector}`, "servers");
  return servers.flatMap(({ public_net: { ipv4, ipv6 } }) =>
    [ipv4, ipv6].flatMap((ip) => (ip === null ? [] : [ip.id])),
  );
}

/** What is left of a run. */
export async function leftovers(api: CloudApi, order: Order, addresses: readonly number[]): Promise<Leftover[]> {
  const selector = encodeURIComponent(labelSelector(order));
  const found: Leftover[] = [];
  for (const kind of labelled) {
    const entries = await api.list<Entry>(`/${kind}?label_selector=${selector}`, kind);
    found.push(...entries.map(({ id, name }) => ({ kind, id, name })));
  }
  for (const id of addresses) {
    try {
      const { primary_ip } = await api.request<{ primary_ip: Entry }>("GET", `/primary_ips/${id}`);
      found.push({ kind: "primary_ips", id, name: primary_ip.name });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }
  return found;
}

/** What goes only later: still locked, or still assigned to a server that is going. */
const notYet = [409, 422, 423];

async function remove(api: CloudApi, { kind, id, name }: Leftover): Promise<void> {
  try {
    await api.request("DELETE", `/${kind}/${id}`);
    process.stderr.write(`deleting ${kind} ${id} (${name})\n`);
  } catch (error) {
    if (!(error instanceof ApiError) || !notYet.includes(error.status)) process.stderr.write(`${String(error)}\n`);
  }
}

/** Deletes by the API what is left, and returns what still is after some time. */
export async function sweep(
  api: CloudApi,
  order: Order,
  addresses: readonly number[],
  seconds = 90,
): Promise<Leftover[]> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const left = await leftovers(api, order, addresses);
    if (left.length === 0 || Date.now() > deadline) return left;
    for (const leftover of left) await remove(api, leftover);
    await sleep(2000);
  }
}
