import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { Server, type Algorithms, type Connection, type ServerChannel } from "ssh2";
import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import { ready } from "../../provider/host/command";
import type { Target } from "../../provider/remote/target";

export const clientKey = ed25519Pair();

/** A server of this machine, whatever its key. */
export const unpinned = (port: number): Target => ({
  ...{ host: "127.0.0.1", port, user: "root", hostKeys: [], acceptNewHostKey: true },
  privateKey: clientKey.privateKey,
});

interface Behaviour {
  /** What our program on a host answers, once it waits for its steps; the default ends at once with success. */
  exec?: (channel: ServerChannel, command: string) => void;
  /** What a login does with the one command that is ever sent, in the place of running it. */
  login?: (channel: ServerChannel, command: string) => void;
  hostKeys?: string[];
  refuseLogin?: boolean;
  /** Public keys that may log in; default: all. */
  accepts?: string[];
  /** What the server offers; default: all that ssh2 takes for safe. */
  algorithms?: Algorithms;
  /** Channels of one connection at once; sshd's MaxSessions. */
  maxSessions?: number;
  /** Answers requests to forward, so the server is a jump host. */
  forward?: (connection: Connection) => void;
}

export interface TestServer {
  port: number;
  /** A target that logs in. */
  target: Target;
  connections: number;
  loginAttempts: number;
  /** Public keys whose owners have logged in. */
  loggedIn: string[];
  commands: string[];
  openChannels: number;
  mostChannels: number;
  live: Set<Connection>;
  stop(): Promise<void>;
}

/** A real SSH server in this process. */
export async function startServer(behaviour: Behaviour = {}, port = 0): Promise<TestServer> {
  const hostKey = ed25519Pair();
  const hostKeys = behaviour.hostKeys ?? [hostKey.privateKey];
  const server = new Server({ hostKeys, algorithms: behaviour.algorithms });
  const state: TestServer = {
    port,
    target: { host: "127.0.0.1", port, user: "root", hostKeys: [hostKey.publicKey], privateKey: clientKey.privateKey },
    connections: 0,
    loginAttempts: 0,
    loggedIn: [],
    commands: [],
    openChannels: 0,
    mostChannels: 0,
    live: new Set(),
    stop: async () => {
      for (const connection of state.live) connection.end();
      server.close();
      await new Promise((resolve) => setTimeout(resolve, 10));
      // One that reads nothing any more hears of no end.
      for (const connection of state.live) (connection as unknown as { _sock: Socket })._sock.destroy();
    },
  };
  server.on("connection", (connection) => accept(connection, behaviour, state));
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  state.port = (server.address() as AddressInfo).port;
  state.target.port = state.port;
  return state;
}

function accept(connection: Connection, behaviour: Behaviour, state: TestServer): void {
  state.connections += 1;
  state.live.add(connection);
  (connection as Connection & { setNoDelay(on: boolean): void }).setNoDelay(true); // missing in the types
  connection.on("error", () => undefined);
  connection.on("close", () => state.live.delete(connection));
  connection.on("authentication", (context) => {
    state.loginAttempts += 1;
    if (behaviour.refuseLogin === true || context.method !== "publickey") return context.reject(["publickey"]);
    const key = `${context.key.algo} ${context.key.data.toString("base64")}`;
    if (behaviour.accepts?.includes(key) === false) return context.reject(["publickey"]);
    if (context.signature !== undefined) state.loggedIn.push(key);
    context.accept();
  });
  connection.on("ready", () => {
    behaviour.forward?.(connection);
    let sessions = 0;
    connection.on("session", (acceptSession, rejectSession) => {
      if (sessions >= (behaviour.maxSessions ?? Infinity)) return void rejectSession();
      sessions += 1;
      acceptSession().on("exec", (acceptExec, _reject, info) => {
        state.commands.push(info.command);
        state.openChannels += 1;
        state.mostChannels = Math.max(state.mostChannels, state.openChannels);
        const channel = acceptExec();
        channel.on("close", () => ((state.openChannels -= 1), (sessions -= 1)));
        channel.on("error", () => undefined);
        if (behaviour.login !== undefined) return behaviour.login(channel, info.command);
        channel.write(`\n${ready}\n`);
        (behaviour.exec ?? succeed)(channel, info.command);
      });
    });
  });
}

/** Reads the whole payload, then reports success. */
export function succeed(channel: ServerChannel): void {
  respond(channel, "end\n");
}

export function respond(channel: ServerChannel, report: string | Buffer, milliseconds = 0): void {
  channel.resume();
  channel.on("end", () => {
    setTimeout(() => {
      if (report.length > 0) channel.write(report);
      channel.exit(0);
      channel.end();
    }, milliseconds);
  });
}
