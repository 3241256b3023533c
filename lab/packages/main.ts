import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

/** Serves the package mirrors, one after the other where two have the same path: `main.js FOLDER …`, port 80 of the namespace. */
const roots = process.argv.slice(2);

createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://mirror").pathname));
  const [file = "", size] = find(path) ?? [];
  if (size === undefined || !["GET", "HEAD"].includes(request.method ?? "")) {
    response.writeHead(404, { "content-length": 0 }).end();
    return;
  }
  response.writeHead(200, { "content-length": size, "content-type": "application/octet-stream" });
  if (request.method === "HEAD") response.end();
  else createReadStream(file).pipe(response);
}).listen(80, "::");

function find(path: string): [file: string, size: number] | undefined {
  for (const root of roots) {
    const file = join(root, path);
    const size = file.startsWith(`${root}/`) ? sizeOf(file) : undefined;
    if (size !== undefined) return [file, size];
  }
  return undefined;
}

function sizeOf(file: string): number | undefined {
  try {
    const stat = statSync(file);
    return stat.isFile() ? stat.size : undefined;
  } catch {
    return undefined;
  }
}
