import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = String.raw`
const { createServer } = require("node:https");
const { readFileSync } = require("node:fs");
const [directory] = process.argv.slice(1);
const of = (name) => readFileSync(directory + "/" + name);
const routes = JSON.parse(of("routes.json"));
const serve = (request, response) => {
  process.stdout.write("asked " + request.socket.localAddress + " " + request.headers.host + request.url + "\n");
  const { status = 200, location, file, endless } = routes[request.url] ?? { status: 404 };
  response.writeHead(status, location === undefined ? {} : { location });
  if (!endless) return response.end(file === undefined ? "" : of(file));
  const more = () => { while (response.write(Buffer.alloc(65536))); };
  response.on("drain", more).on("close", () => response.destroy());
  more();
};
const options = { key: of("key.pem"), cert: of("cert.pem") };
require("node:http").createServer(serve).listen(80, "0.0.0.0");
createServer(options, serve).listen(443, "0.0.0.0", () => process.stdout.write("ready\n"));
`;

interface Route {
  status?: number;
  location?: string;
  /** Name of a file of the server. */
  file?: string;
  /** Sends zeros until the other side has enough. */
  endless?: boolean;
}

/** A network namespace with addresses that look public, private and link-local, and one web server that answers on all. */
export class ImageServer {
  readonly network = `images-${process.pid}`;
  private readonly directory = mkdtempSync(join(tmpdir(), "images-"));
  private child: ChildProcess | undefined;
  /** What was asked: the address that was connected to, host and path. */
  asked: string[] = [];

  async start(
    addresses: string[],
    names: string[],
    routes: Record<string, Route>,
    files: Record<string, Buffer | string>,
  ): Promise<void> {
    const ip = (...words: string[]): Buffer => execFileSync("ip", words);
    ip("netns", "add", this.network);
    ip("-n", this.network, "link", "set", "lo", "up");
    for (const address of addresses) ip("-n", this.network, "address", "add", address, "dev", "lo");
    this.certify(names);
    for (const [name, content] of Object.entries({ ...files, "routes.json": JSON.stringify(routes) })) {
      writeFileSync(join(this.directory, name), content);
    }
    const child = spawn("ip", ["netns", "exec", this.network, process.execPath, "-e", program, this.directory]);
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => reject(new Error("the server ended")));
      child.stderr.on("data", (text: Buffer) => reject(new Error(text.toString())));
      child.stdout.on("data", (chunk: Buffer) => {
        const lines = chunk.toString().split("\n");
        this.asked.push(...lines.filter((line) => line.startsWith("asked ")).map((line) => line.slice(6)));
        if (lines.includes("ready")) resolve();
      });
    });
  }

  /** The authority that signed the server's certificate. */
  authority(): string {
    return readFileSync(join(this.directory, "ca.pem"), "utf8");
  }

  stop(): void {
    this.child?.kill("SIGKILL");
    execFileSync("ip", ["netns", "delete", this.network]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private certify(names: string[]): void {
    const alternatives = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(",");
    const run = (...words: string[]): Buffer =>
      execFileSync("openssl", words, { cwd: this.directory, stdio: ["ignore", "pipe", "ignore"] });
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    run("req", "-x509", ...curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test authority");
    run("req", ...curve, "-keyout", "key.pem", "-out", "server.csr", "-subj", "/CN=images");
    writeFileSync(join(this.directory, "san"), `subjectAltName=${alternatives}\n`);
    run(
      "x509",
      "-req",
      "-in",
      "server.csr",
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      "2",
      "-extfile",
      "san",
      "-out",
      "cert.pem",
    );
  }
}
