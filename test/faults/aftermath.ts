import { unsetList } from "./gate";
import type { FaultHost } from "./host";

const renewal = `pgrep -f '^dhcpcd: eth0' >/dev/null || exit 0
since=$(date +%s); dhcpcd -n eth0 >/dev/null 2>&1
timeout 30 sh -c "until journalctl -q -t dhcpcd --since @$since | grep -q 'eth0: leased'; do sleep 0.5; done" || { echo "dhcpcd gets no lease any more"; journalctl -q --no-pager -o short-precise -n 200 | grep -e dhcpcd -e networkd -e pulumi; ip -o link; }`;

/** Lines that a script prints on hosts. */
async function said(hosts: readonly FaultHost[], script: string): Promise<string[]> {
  const texts = hosts.map((host) => host.sh(script).catch((error: Error) => error.message));
  return (await Promise.all(texts)).flatMap((text) => text.split("\n").filter((line) => line !== ""));
}

/** Whether the uplink's DHCP client is as well as before: what it has lost shows only when the lease ends, or a fault later. */
export const unrenewed = (hosts: readonly FaultHost[]): Promise<string[]> => said(hosts, renewal);

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
