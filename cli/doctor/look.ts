import type { Client, ClientChannel } from "ssh2";
import { pack } from "tar-stream";
import { notOurs, NspawnError } from "../../provider/errors";
import type { ConnectionArgs, CredentialsArgs } from "../../provider/model/args";
import { connect } from "../../provider/remote/connect";
import { openChannel } from "../../provider/remote/channel";
import { Opening } from "../../provider/remote/opening";
import { readKeyFile, readPassphraseFile } from "../../provider/remote/secret-file";
import { ReportParser, type Report } from "../../provider/remote/report";
import { endedFor, hangUp, took } from "../../provider/remote/ssh/watch";
import { StandardError } from "../../provider/remote/standard-error";
import type { Target } from "../../provider/remote/target";
import type { Machine } from "../stack/machines";
import { Facts } from "./facts";
import { routedTo } from "./route-hops";
import { script } from "./script";

/** Seconds for everything that is asked on a host. */
const deadline = 120;

/** Looks at a host and its machines over one connection. Errors have a code of the library's table. */
export async function look(machines: Machine[], fallbackKey: string | undefined): Promise<Facts> {
  const [first] = machines;
  if (first === undefined) throw new Error("no machines to look at");
  const target = targetOf(first.connection, first.credentials, fallbackKey);
  const client = await connect(target, { seconds: 20, newServer: false, progress: () => undefined });
  try {
    const { results, failure } = await run(client, target, asked(machines));
    if (failure !== undefined) throw failure;
    return new Facts(results);
  } finally {
    hangUp(client);
  }
}

/** The same precedence as the library's: the argument, else its file, else the stack's config, else an agent. */
function targetOf(connection: ConnectionArgs, credentials: CredentialsArgs, fallbackKey?: string): Target {
  const { proxy, privateKeyFile, privateKeyPasswordFile, ...direct } = connection;
  const fromFile = privateKeyFile === undefined ? undefined : readKeyFile(privateKeyFile);
  return {
    ...direct,
    privateKeyFile,
    privateKey: credentials.privateKey ?? fromFile ?? fallbackKey,
    passphrase:
      credentials.privateKeyPassword ?? (privateKeyPasswordFile && readPassphraseFile(privateKeyPasswordFile)),
    proxy: proxy === undefined ? undefined : targetOf(proxy, credentials.proxy ?? {}, fallbackKey),
  };
}

/** Tab-separated lines; names and addresses were checked when the stack was deployed. */
function asked(machines: Machine[]): string {
  const lines = machines.flatMap(({ name, networks, uplink }) => [
    ...networks.flatMap((network) =>
      network.addresses.map(({ address }) =>
        network.mode === "transparent"
          ? ["lan", address]
          : ["address", address, uplink ?? "-", routedTo(name, network)],
      ),
    ),
    [
      "machine",
      name,
      networks.find(({ gateway4 }) => gateway4 !== undefined)?.gateway4 ?? "-",
      networks[0]?.mode ?? "routed",
    ],
  ]);
  return lines.map((words) => `${words.join("\t")}\n`).join("");
}

/** What the command reads: the length of an archive as a line, and the archive. */
async function payload(questions: string): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: "script", mode: 0o600 }, script);
  archive.entry({ name: "asked", mode: 0o600 }, questions);
  archive.entry({ name: "call", mode: 0o600 }, "");
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  return Buffer.concat([Buffer.from(`${whole.length}\n`), whole]);
}

async function run(client: Client, target: Target, questions: string): Promise<Report> {
  const { host } = target;
  const bytes = await payload(questions);
  const channel = await openChannel(client, host);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new NspawnError("NSPAWN_DEADLINE", `${host} did not answer within ${deadline} s`));
      hangUp(client);
    }, deadline * 1000);
    client.once("close", () => reject(lost(host, endedFor(client))));
    const begun = (report: Buffer): void => {
      collect(client, channel, host, report)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
      channel.end(bytes);
    };
    const failed = (error: Error): void => {
      clearTimeout(timer);
      reject(error instanceof NspawnError ? error : lost(host, undefined));
    };
    new Opening(client, channel, target, { begun, failed });
  });
}

function lost(host: string, why: string | undefined): NspawnError {
  if (why !== undefined) return notOurs(`${host}: ${why}`);
  return new NspawnError("NSPAWN_CONNECTION_LOST", `the connection to ${host} ended while it was looked at`);
}

/** Bytes of one answer; all rules of a firewall are more than any other. */
const mostAnswer = (name: string): number => (name.startsWith("rules:") ? 4 : 1) * 1024 * 1024;

/** @param report what has come of it already */
function collect(client: Client, channel: ClientChannel, host: string, report: Buffer): Promise<Report> {
  const parser = new ReportParser({}, mostAnswer);
  const stderr = new StandardError();
  return new Promise((resolve, reject) => {
    const end = (): void => resolve(parser.finish(host, stderr.newest));
    channel.on("data", (chunk: Buffer) => {
      took(client, chunk.length);
      parser.push(chunk);
      if (parser.refused !== undefined) end();
    });
    channel.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    channel.on("error", reject);
    channel.on("close", end);
    parser.push(report);
  });
}
