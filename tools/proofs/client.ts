// Runs on the client, the far side of the router: node client.js MACHINE-ADDRESS CLIENT-ADDRESS PRIVATE-KEY-FILE.
// Prints one FamilyProof as JSON. Only what this process itself sees is reported.
import { execFile } from "node:child_process";
import { createConnection, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { FamilyProof } from "./family";

const exec = promisify(execFile);
const patience = 30_000;

async function ping(address: string): Promise<boolean> {
  return exec("ping", ["-n", "-c", "1", "-W", "2", address]).then(
    () => true,
    () => false,
  );
}

/** A TCP connection that reached a server which spoke first: sshd's banner. */
function banner(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: address, port: 22, timeout: 3000 });
    const end = (value: boolean) => () => (socket.destroy(), resolve(value));
    socket.once("data", end(true)).once("error", end(false)).once("timeout", end(false)).once("close", end(false));
  });
}

async function untilTrue(check: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + patience;
  for (;;) {
    if (await check()) return true;
    if (Date.now() > deadline) return false;
    await sleep(300);
  }
}

/** The remote address of the first connection to a listener on our own address. */
function firstPeer(own: string): Promise<{ port: number; peer: Promise<string>; close: () => void }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    const peer = new Promise<string>((seen) => {
      server.once("connection", (socket: Socket) => (seen(socket.remoteAddress ?? ""), socket.destroy()));
    });
    server.once("error", reject);
    server.listen(0, own, () =>
      resolve({ port: (server.address() as AddressInfo).port, peer, close: () => server.close() }),
    );
  });
}

/** Logs into the machine; there, says what sshd saw, and connects back to us. */
async function login(address: string, key: string, own: string, port: number): Promise<string> {
  const options = [
    "BatchMode=yes",
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "LogLevel=ERROR",
    "ConnectTimeout=5",
  ];
  const script = `echo "$SSH_CONNECTION"; timeout 5 bash -c 'exec 3<>/dev/tcp/${own}/${port}'`;
  const args = [...options.flatMap((option) => ["-o", option]), "-i", key, `root@${address}`, script];
  const { stdout } = await exec("ssh", args, { timeout: 20_000 });
  return stdout.trim().split(" ")[0] ?? "";
}

async function proof(address: string, own: string, key: string): Promise<FamilyProof> {
  const pingFromClient = await untilTrue(() => ping(address));
  const tcpFromClient = await untilTrue(() => banner(address));
  const listener = await firstPeer(own);
  try {
    const sourceSeenByMachine = await login(address, key, own, listener.port).catch(
      (error: Error) => `login failed: ${error.message}`,
    );
    const sourceSeenByClient = await Promise.race([listener.peer, sleep(5000, "no connection seen", { ref: false })]);
    return { address, pingFromClient, tcpFromClient, sourceSeenByMachine, clientAddress: own, sourceSeenByClient };
  } finally {
    listener.close();
  }
}

const [address = "", own = "", key = ""] = process.argv.slice(2);
proof(address, own, key).then(
  (seen) => (process.stdout.write(`${JSON.stringify(seen)}\n`), process.exit(0)),
  (error: unknown) => (process.stderr.write(`${String(error)}\n`), process.exit(1)),
);
