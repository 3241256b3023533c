import { unsetList } from "./gate";
import type { FaultHost } from "./host";

/** Longer than a DHCP client without a lease waits before it gives itself an address, and with it another default route. */
const late = `sleep 20
if ip -4 -o addr show dev eth0 | grep -F ' 169.254.'; then journalctl -q --no-pager -o short-precise -n 200 | grep -e dhcpcd -e networkd -e pulumi; fi`;

/** Lines that a script prints on hosts. */
async function said(hosts: readonly FaultHost[], script: string): Promise<string[]> {
  const texts = hosts.map((host) => host.sh(script).catch((error: Error) => error.message));
  return (await Promise.all(texts)).flatMap((text) => text.split("\n").filter((line) => line !== ""));
}

/** What the uplink's DHCP client does when nobody looks any more. */
export const laterOn = (hosts: readonly FaultHost[]): Promise<string[]> => said(hosts, late);

/** What hosts said of the time when an `up` failed that nothing disturbed. */
export const journals = (hosts: readonly FaultHost[]): Promise<string[]> =>
  said(
    hosts,
    [
      "journalctl -q --no-pager -o short-precise --since -120s | tail -n 100",
      ...["ip -br addr", "ip route", "ip -6 route", "ip neigh", "ss -tnap", "ps -eo pid,stat,lstart,args", "date"],
    ].join("; "),
  );

/** What programs read before it was set: a fault of ours, whatever came of it. */
export const unset = (hosts: readonly FaultHost[]): Promise<string[]> =>
  said(hosts, `cat ${unsetList} 2>/dev/null || :; rm -f ${unsetList}`);
