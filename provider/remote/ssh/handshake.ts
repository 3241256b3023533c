import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { algorithmsFor } from "./algorithms";
import { refuseGlobalRequests } from "./global-requests";
import { HostKeyCheck } from "./host-key";
import { loginOf } from "./login-key";
import { refusal, refusedForward } from "./refusal";
import { dialSeconds, type Target } from "../target";
import { trace } from "../trace";
import { endedFor, hangUp, watch } from "./watch";
import { ServerWords } from "./server-words";

/** Connects and logs in, once, through the jump hosts where there are any. */
export async function dial(target: Target): Promise<Client> {
  const through = target.proxy === undefined ? undefined : await dial(target.proxy);
  try {
    const client = await handshake(target, through);
    client.once("close", () => through && hangUp(through));
    return client;
  } catch (error) {
    if (through !== undefined) hangUp(through);
    throw error;
  }
}

/** A jump host may wait for minutes until it gives up on what is behind it: it has as long as an attempt without it. */
function forward(through: Client, target: Target): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      clearTimeout(timer);
      reject(refusedForward(target, error));
    };
    const timer = setTimeout(
      () => refuse(new Error(`no connection within ${dialSeconds(target)} s`)),
      dialSeconds(target) * 1000,
    );
    const lost = (): void => refuse(new Error("the connection to it was closed"));
    through.once("close", lost);
    through.forwardOut("127.0.0.1", 0, target.host, target.port, (error, channel) => {
      clearTimeout(timer);
      through.removeListener("close", lost);
      if (error === undefined) resolve(channel);
      else refuse(error);
    });
  });
}

async function handshake(target: Target, through: Client | undefined): Promise<Client> {
  const check = new HostKeyCheck(target);
  const client = new Client();
  const socket = through === undefined ? tcp(target) : await forward(through, target);
  const words = new ServerWords(client, socket);
  watch(client, socket, through);
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      socket.destroy();
      reject(refusal(target, check, error, words));
    };
    const lost = (): void => refuse(new Error(endedFor(client) ?? "the connection was closed before the login"));
    client.once("ready", () => {
      client.removeListener("error", refuse);
      client.removeListener("close", lost);
      // An unhandled 'error' would end the provider process. What follows is 'close', which sessions listen to: a host
      // that breaks the protocol could keep its end open.
      client.on("error", () => socket.destroy());
      // The payload is written in pieces; waiting for acknowledgements between them costs 40 ms each.
      client.setNoDelay(true);
      trace("connections", { host: target.host, port: target.port });
      resolve(client);
    });
    client.on("error", refuse);
    client.on("close", lost);
    try {
      client.connect(config(target, check, socket));
      refuseGlobalRequests(client);
    } catch (error) {
      // What ssh2 does not take, without having sent anything.
      refuse(Object.assign(error as Error, { level: "configuration" }));
    }
  });
}

function tcp({ host, port }: Target): Duplex {
  // An error before ssh2 listens would end the provider process; ssh2 hears of it too.
  return connectTcp({ host, port }).on("error", () => undefined);
}

function config(target: Target, check: HostKeyCheck, sock: Duplex): ConnectConfig {
  return {
    host: target.host,
    port: target.port,
    username: target.user,
    ...loginOf(target),
    sock,
    readyTimeout: dialSeconds(target) * 1000,
    keepaliveInterval: 5000,
    keepaliveCountMax: 3,
    hostVerifier: check.verify,
    algorithms: algorithmsFor(check.types),
  };
}
