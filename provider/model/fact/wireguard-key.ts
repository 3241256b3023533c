/** Whoever else could read the key of a host could be that host. */
const wanted = "0640 root:systemd-network";

/** That a host has made its key; what it is nobody else knows. */
export const wireguardKeyFact = `made, ${wanted}`;

/** What was found of it: its public key, and who may read the secret one. */
export function wireguardKeyLine({ key, access }: { key: string; access: string }): string {
  return key === "" ? `no key, ${access}` : `made, ${access}`;
}
