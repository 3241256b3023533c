import type { Client, ClientChannel } from "ssh2";
import { pack } from "tar-stream";
import { NspawnError } from "../../provider/errors";
import type { ConnectionArgs, CredentialsArgs } from "../../provider/model/args";
import { connect } from "../../provider/remote/connect";
import { command } from "../../provider/remote/command";
import { readKeyFile, readPassphraseFile } from "../../provider/remote/secret-file";
import { ReportParser, type Report } from "../../provider/remote/report";
import type { Target } from "../../provider/remote/target";
import type { Machine } from "../stack/machines";
import { Facts } from "./facts";
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
    const report = await run(client, target.host, asked(machines));
    return new Facts(report.results);
  } finally {
    client.end();
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
  const lines = machines.flatMap(({ name, networks }) => [
    ...networks.flatMap(({ addresses }) => addresses.map(({ address }) => ["address", address])),
    ["machine", name, networks.find(({ gateway4 }) => gateway4 !== undefined)?.gateway4 ?? "-"],
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

async function run(client: Client, host: string, questions: string): Promise<Report> {
  const bytes = await payload(questions);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new NspawnError("NSPAWN_DEADLINE", `${host} did not answer within ${deadline} s`));
      client.end();
    }, deadline * 1000);
    client.once("close", () => reject(lost(host)));
    client.exec(command, (error: Error | undefined, channel: ClientChannel) => {
      if (error !== undefined) {
        clearTimeout(timer);
        return reject(error);
      }
      collect(channel, host)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
      channel.end(bytes);
    });
  });
}

function lost(host: string): NspawnError {
  return new NspawnError("NSPAWN_CONNECTION_LOST", `the connection to ${host} ended while it was looked at`);
}

function collect(channel: ClientChannel, host: string): Promise<Report> {
  const parser = new ReportParser();
  let stderr = "";
  return new Promise((resolve, reject) => {
    channel.on("data", (chunk: Buffer) => parser.push(chunk));
    channel.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString("utf8")).slice(-2000)));
    channel.on("error", reject);
    // Within a promise, so that what the report throws becomes the rejection.
    channel.on("close", () => resolve(Promise.resolve().then(() => parser.finish(host, stderr))));
  });
}
