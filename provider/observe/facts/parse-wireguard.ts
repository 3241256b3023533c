import { printableLine } from "../../model/read/printable";
import { factLines } from "./fact-lines";
import type { FoundMesh, FoundWireguard } from "./facts";

/** Lines of a word, the link, and what wg(8) says of it. */
export function parseWireguard(text: string): FoundWireguard {
  const found: FoundWireguard = { links: new Map() };
  for (const line of factLines(text)) {
    const [word = "", first = "", second = "", third = ""] = line
      .split("\t", 4)
      .map((part) => printableLine(part, 2000));
    if (word === "own") found.own = { key: keyOr(first), access: second };
    else if (first !== "") note(meshOf(found, first), word, second, third);
  }
  return found;
}

/** Where there is none wg(8) says `(none)`. */
const keyOr = (text: string): string => (/^[A-Za-z0-9+/]{43}=$/.test(text) ? text : "");

function meshOf({ links }: FoundWireguard, name: string): FoundMesh {
  const mesh = links.get(name) ?? ({ key: "", port: 0, peers: new Map() } satisfies FoundMesh);
  links.set(name, mesh);
  return mesh;
}

function note(mesh: FoundMesh, word: string, second: string, third: string): void {
  if (word === "public-key") mesh.key = keyOr(second);
  else if (word === "listen-port") mesh.port = Number(second) || 0;
  else {
    const peer = mesh.peers.get(second) ?? { addresses: "" };
    if (word === "allowed-ips") peer.addresses = third;
    else if (word === "heard") peer.heard = Number(third);
    mesh.peers.set(second, peer);
  }
}
