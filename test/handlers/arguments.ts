import { ed25519Pair } from "../../provider/handlers/ed25519-pair";
import type { Properties } from "../../provider/handlers/state";

const hostKey = ed25519Pair();
export const provider = "exports.handler=()=>undefined";

/** What every component passes. */
export function common(kind: string, name: string): Properties {
  return {
    stateVersion: 1,
    owner: `p/s/${kind}/${name}`,
    ownUrn: "urn:pulumi:s::p::x::y",
    host: { id: "p/s/host/one", instance: "1" },
    connection: { host: "203.0.113.2", port: 22, user: "root", hostKeys: [hostKey.publicKey] },
    credentials: {},
    secretFiles: {},
    __provider: provider,
  };
}

export function machineArguments(changes: Properties = {}): Properties {
  return {
    ...common("machine", "web"),
    name: "web",
    networks: [
      {
        bridge: "br0",
        host: "p/s/host/one",
        gateway4: "203.0.113.2",
        addresses: [
          { address: "198.51.100.7", host: "p/s/host/one", proxied: false },
          { address: "2001:db8:1::7", host: "p/s/host/one", proxied: true },
        ],
      },
    ],
    image: {
      kind: "debootstrap",
      suite: "bookworm",
      mirror: "http://deb.debian.org/debian",
      variant: "minbase",
      packages: [],
    },
    hostname: "web",
    authorizedKeys: [hostKey.publicKey],
    startAtBoot: true,
    running: true,
    ephemeral: false,
    privateUsers: "pick",
    readyWhen: "running",
    onDelete: "trash",
    adopt: false,
    ...changes,
  };
}

export function bridgeArguments(changes: Properties = {}): Properties {
  const own = {
    bridge: "br0",
    mode: "routed",
    isolation: "none",
    ipv4: "203.0.113.2",
    ipv6: "2001:db8:1::/64",
    adopt: false,
  };
  return { ...common("bridge", "br0"), ...own, ...changes };
}
