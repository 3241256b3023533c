import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { FamilyProof } from "../proofs/family";
import type { Interruption } from "./interruption";
import type { Ssh, SshPlace } from "./ssh";

// The client has what Debian has: ping, bash, python3.
const listen = `python3 -c '
import socket, sys
server = socket.create_server((sys.argv[1], 0), family=socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
server.settimeout(25)
print(server.getsockname()[1], flush=True)
print(server.accept()[1][0], flush=True)
'`;

interface Family {
  place: SshPlace;
  /** The machine's own address. */
  address: string;
  /** The client's. */
  own: string;
}

/** A listener on the client: its port, then the first peer's address. */
async function listener(ssh: Ssh, own: string, interruption: Interruption) {
  const [command = "", ...args] = ssh.argv("client", `${listen} ${own}`);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"], detached: true });
  interruption.watch(child);
  const lines = createInterface({ input: child.stdout });
  const seen: string[] = [];
  lines.on("line", (line) => seen.push(line.trim()));
  await Promise.race([once(lines, "line"), once(child, "close")]);
  return {
    port: Number(seen[0]),
    peer: async () => {
      if (seen.length < 2) await Promise.race([once(lines, "line"), once(child, "close")]);
      return seen[1] ?? "no connection seen";
    },
    close: () => child.kill(),
  };
}

/** The four proofs of one family, as tools/proofs/client.ts makes them, by commands on the servers. */
export async function proveBySsh(ssh: Ssh, family: Family, interruption: Interruption): Promise<FamilyProof> {
  const { place, address, own } = family;
  const repeat = (test: string) => `for try in $(seq 30); do if ${test}; then exit 0; fi; sleep 0.5; done; exit 1`;
  const ping = await ssh.run("client", repeat(`ping -n -c 1 -W 1 ${address} >/dev/null`), 90);
  const banner = `timeout 3 bash -c 'exec 3<>/dev/tcp/${address}/22; read -r line <&3; [[ $line == SSH-* ]]' 2>/dev/null`;
  const tcp = await ssh.run("client", repeat(banner), 150);
  const listening = await listener(ssh, own, interruption);
  try {
    // The jump leaves the client as a connection of its own, so the machine's sshd sees the client.
    const script = `echo "$SSH_CONNECTION"; timeout 5 bash -c 'exec 3<>/dev/tcp/${own}/${listening.port}'`;
    const login = await ssh.run(place, script, 30);
    const source = login.stdout.trim().split(" ")[0] ?? "";
    return {
      address,
      pingFromClient: ping.code === 0,
      tcpFromClient: tcp.code === 0,
      sourceSeenByMachine: source === "" ? `login failed: ${login.stderr.trim()}` : source,
      clientAddress: own,
      sourceSeenByClient: await listening.peer(),
    };
  } finally {
    listening.close();
  }
}
