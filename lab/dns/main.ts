import { statSync } from "node:fs";
import { join } from "node:path";
import { readNameData } from "../api";
import { nameServers } from "../network/addresses";
import { serveNames } from "./server";
import type { Zone } from "./zone";
import { zonesOf } from "./zones";

/** `main.js LABDIR`: Hetzner's name servers, on the router. They answer from the API's state file, which is replaced at each change. */
const path = join(process.argv[2] ?? "", "api-state.json");

let read = { version: "", zones: [] as Zone[] };

function zones(): Zone[] {
  const found = statSync(path, { throwIfNoEntry: false });
  const version = found === undefined ? "none" : `${found.ino} ${found.mtimeMs} ${found.size}`;
  if (version !== read.version) read = { version, zones: zonesOf(readNameData(path)) };
  return read.zones;
}

const addresses = nameServers.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
Promise.all(addresses.map((address) => serveNames(address, 53, zones))).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
