/** What the program's stack says when it is up. */
export interface Outputs {
  machine: { ipv4: string; ipv6: string; network: string };
  server: { ipv4: string; network: string; uplink: string; hostKey: string };
  peer: { ipv4: string; ipv6: string };
}
