import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Interruption } from "./interruption";
import type { Ssh } from "./ssh";

const filter =
  "(arp and arp[6:2] = 1) or (icmp6 and ip6[40] = 135) or (icmp[icmptype] = icmp-echo) or (icmp6 and ip6[40] = 128)";

/** tcpdump(8) on the host, of what comes in at the uplink, from now until `end`. */
export async function capture(
  ssh: Ssh,
  uplink: string,
  interruption: Interruption,
): Promise<{ lines: () => string[]; end: () => Promise<void> }> {
  if (!/^[A-Za-z0-9_.-]{1,15}$/.test(uplink))
    throw new Error(`${JSON.stringify(uplink)} is not the name of an interface`);
  // Ends with our end of the channel, whatever ends us.
  const script = `tcpdump -n -l -Q in -i ${uplink} '${filter}' & cat >/dev/null; kill -INT $!; wait $!`;
  const [command = "", ...args] = ssh.argv("host", script);
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
  interruption.watch(child);
  let [text, said] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (more: string) => (text += more));
  const closed = once(child, "close");
  const begun = new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (more: string) => {
      said += more;
      if (said.includes("listening on")) resolve();
    });
    child.once("close", () => reject(new Error(`tcpdump on the host ended at once: ${said.trim()}`)));
  });
  await begun;
  return {
    lines: () => text.split("\n"),
    end: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
