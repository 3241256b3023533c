import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { renderMetadata } from "../api";
import { addresses } from "../network/addresses";
import type { ServerRecord } from "../servers/server-files";

/** `main.js LABDIR`: the metadata service, on the router. It tells servers apart by their source address, which the uplink guarantees. */
const servers = join(process.argv[2] ?? "", "servers");

function serverOf(address: string): ServerRecord | undefined {
  const source = address.replace(/^::ffff:/, "");
  for (const id of readdirSync(servers)) {
    try {
      const record = JSON.parse(readFileSync(join(servers, id, "server.json"), "utf8")) as ServerRecord;
      if (record.ipv4 === source || record.routed.includes(`${source}/32`)) return record;
    } catch {
      // a server that is being made or removed
    }
  }
  return undefined;
}

createServer((request, response) => {
  const server = serverOf(request.socket.remoteAddress ?? "");
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const page =
    server && path.startsWith("/hetzner/v1/")
      ? renderMetadata(server).pages[path.slice("/hetzner/v1/".length)]
      : undefined;
  if (!page) {
    response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    return;
  }
  response
    .writeHead(page.status, { "content-type": page.contentType })
    .end(page.status === 204 ? undefined : page.body);
}).listen(80, addresses.metadata);
