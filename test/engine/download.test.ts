import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { ensureEngine } from "../../engine";
import type { Reporter } from "../../engine/reporter";
import { Scratch } from "./scratch";

const root = process.cwd();
const silent: Reporter = { step: () => undefined, note: () => undefined, done: () => undefined };
let scratch: Scratch;
let close: (() => void)[] = [];
beforeEach(() => (scratch = new Scratch()));
afterEach(() => {
  close.forEach((one) => one());
  close = [];
  scratch.remove();
});

async function archive(programs: Record<string, string>): Promise<Buffer> {
  const tar = pack();
  for (const [name, said] of Object.entries(programs)) tar.entry({ name, mode: 0o755 }, `#!/bin/sh\necho ${said}\n`);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close.push(() => {
    if ("closeAllConnections" in server) server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function publisher(cli: Buffer, plugin: Buffer, asked: string[] = []): Promise<string> {
  return listen(
    createServer((request, answer) => {
      asked.push(request.url ?? "");
      const body = request.url?.includes("/sdk/") ? cli : plugin;
      answer.writeHead(200, { "content-length": body.length, connection: "close" }).end(body);
    }),
  );
}

const cliArchive = (version = "v3.258.0") =>
  archive({ "pulumi/pulumi": version, "pulumi/pulumi-language-nodejs": "", "../../escape": "no" });
const pluginArchive = () => archive({ "README.md": "text", "pulumi-resource-hcloud": "v1.41.0" });

function get(site: string, giveUpSeconds?: number, reporter: Reporter = silent) {
  const sites = { cli: site, plugins: site };
  return ensureEngine({
    root,
    env: scratch.env("/usr/bin:/bin"),
    ways: ["path", "download"],
    sites,
    reporter,
    giveUpSeconds,
  });
}

test("what was shown ends when the work ends", async () => {
  const site = await publisher(await cliArchive(), await pluginArchive());
  const steps: string[] = [];
  const done = jest.fn();
  const watching = { note: () => undefined, done, step: ({ what }: { what: string }) => void steps.push(what) };
  await get(site, undefined, watching);
  expect(steps).toEqual(expect.arrayContaining([expect.stringMatching(/^downloading the Pulumi CLI, \d+ MB so far$/)]));
  expect(done).toHaveBeenCalled();
});

test("downloads what is missing, and the next call needs no network", async () => {
  const asked: string[] = [];
  const site = await publisher(await cliArchive(), await pluginArchive(), asked);
  const first = await get(site);
  expect(first.source).toEqual({
    pulumi: "download",
    "pulumi-language-nodejs": "download",
    "pulumi-resource-pulumi-nodejs": "path",
    "pulumi-resource-hcloud": "download",
  });
  expect(asked).toEqual([
    expect.stringMatching(/^\/releases\/sdk\/pulumi-v3\.258\.0-\w+-\w+\.tar\.gz$/),
    expect.stringMatching(/^\/releases\/plugins\/pulumi-resource-hcloud-v1\.41\.0-\w+-\w+\.tar\.gz$/),
  ]);
  expect(first.pulumi.startsWith(scratch.path("cache"))).toBe(true);
  expect(existsSync(scratch.path("escape"))).toBe(false);
  // The CLI looks for its companions beside itself.
  expect(readdirSync(dirname(first.pulumi)).sort()).toEqual([
    "pulumi",
    "pulumi-language-nodejs",
    "pulumi-resource-pulumi-nodejs",
  ]);
  close.forEach((one) => one());
  close = [];
  expect(await get(site)).toEqual(first);
});

test.each([
  ["another version", () => cliArchive("v3.1.0"), "holds version 3.1.0, not 3.258.0"],
  ["a cut archive", async () => (await cliArchive()).subarray(0, 100), "unexpected end of file"],
  ["an archive without the program", () => archive({ readme: "x" }), "the archive lacks pulumi"],
])("keeps nothing of %s", async (_, cli, why) => {
  const site = await publisher(await cli(), await pluginArchive());
  const error = await get(site).then(() => "", String);
  expect(error).toContain(why);
  // The other part, which was good, is kept for the next time.
  expect(error).not.toContain("pulumi-resource-hcloud");
  const engine = get(await publisher(await cliArchive(), Buffer.from("gone")));
  expect((await engine).source["pulumi-resource-hcloud"]).toBe("download");
});

test("an answer that is not the archive is told", async () => {
  const site = await listen(createServer((_, answer) => answer.writeHead(403, { connection: "close" }).end()));
  await expect(get(site)).rejects.toThrow(/releases\/sdk\/.* answered 403/);
});

test("a site that accepts and never answers is given up within 20 s for all parts together", async () => {
  const sockets: Socket[] = [];
  let requests = 0;
  const site = await listen(
    createTcpServer((socket) => {
      sockets.push(socket.on("error", () => undefined));
      socket.on("data", () => requests++);
    }),
  );
  close.push(() => sockets.forEach((socket) => socket.destroy()));
  const begin = Date.now();
  const error = await get(site).then(() => "", String);
  expect(Date.now() - begin).toBeLessThan(20_000);
  expect(error).toContain("did not answer within 15 s");
  expect(error).toContain("not tried, for");
  expect(requests).toBe(1);
}, 40_000);

test("a site that stops in the middle is given up too", async () => {
  const begun = (await archive({ pulumi: randomBytes(5000).toString("hex") })).subarray(0, 1000);
  const site = await listen(
    createServer((_, answer) => {
      answer.writeHead(200, { "content-length": 1_000_000 });
      answer.write(begun);
    }),
  );
  const error = await get(site, 2).then(() => "", String);
  expect(error).toContain("stopped sending after 1000 bytes");
}, 20_000);
