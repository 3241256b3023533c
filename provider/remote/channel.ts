import type { Client, ClientChannel } from "ssh2";
import { NspawnError } from "../errors";
import { printableLine } from "../model/read/printable";
import { RunningProgram } from "./running-program";
import { hostCommand } from "../host/command";
import { NotStarted } from "./not-started";
import { Opening } from "./opening";
import type { Report } from "./report";
import type { Run } from "./run";

/** Seconds within which a host opens a channel: its keepalives may be answered all the same. */
const openSeconds = 30;

/** Runs one program on one channel of a connection. It is sent when our command waits for it, and to nobody else. */
export async function runOnChannel(client: Client, run: Run): Promise<Report> {
  const channel = await openChannel(client, run.login.host);
  return new Promise((resolve, reject) => {
    const begun = (report: Buffer): void => new RunningProgram(client, channel, run, { resolve, reject }).begin(report);
    const failed = (error: Error): void => {
      reject(error);
      channel.destroy();
    };
    new Opening(client, channel, run.login, { begun, failed });
  });
}

/** Starts our command on a channel of a connection. */
export function openChannel(client: Client, host: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      client.removeListener("close", lost);
      outcome();
    };
    const lost = (): void => settle(() => reject(new NotStarted("the connection was closed")));
    const timer = setTimeout(() => settle(() => reject(noChannel(host))), openSeconds * 1000);
    client.once("close", lost);
    try {
      client.exec(hostCommand(), (error, channel) =>
        settle(() =>
          error === undefined ? resolve(channel) : reject(new NotStarted(printableLine(error.message, 300))),
        ),
      );
    } catch (error) {
      settle(() => reject(new NotStarted((error as Error).message)));
    }
  });
}

function noChannel(host: string): NspawnError {
  return new NspawnError(
    "NSPAWN_DEADLINE",
    `${host} opened no channel within ${openSeconds} s; nothing was sent; run \`up\` again`,
  );
}
