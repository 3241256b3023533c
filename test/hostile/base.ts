import { generateKeyPairSync } from "node:crypto";
import { bridgeNetwork, floatingIp, nspawnHost, nspawnMachine } from "../../provider/handlers";
import { bridgeArgs, floatingIpArgs, hostArgs, hostKeyText, machineArgs } from "../support/sample";

/** A private key that stands nowhere else. */
export const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;

const network = machineArgs().networks[0]!;
const lan = {
  ...network,
  mode: "transparent" as const,
  addresses: [{ address: "192.0.2.200", proxied: true }],
  lan4: { network: "192.0.2.192/26", gateway: "192.0.2.193" },
};

/** Arguments that are accepted as they are, and the handlers that accept them. */
export const bases = {
  host: {
    handlers: nspawnHost,
    args: hostArgs({
      uplink: "eth0",
      packages: ["tcpdump"],
      sysctls: { "net.core.somaxconn": "1024" },
      bootHostKey: hostKeyText,
      rotation: { privateKey: pem },
      credentials: { privateKey: pem, privateKeyPassword: "sesame" },
    }),
  },
  bridge: { handlers: bridgeNetwork, args: bridgeArgs() },
  "protected bridge": { handlers: bridgeNetwork, args: bridgeArgs({ isolation: "tenant" }) },
  "transparent bridge": { handlers: bridgeNetwork, args: bridgeArgs({ mode: "transparent", uplink: "eth0" }) },
  "floating IPv4": { handlers: floatingIp, args: floatingIpArgs() },
  "floating IPv6": {
    handlers: floatingIp,
    args: floatingIpArgs({ type: "ipv6", address: "2001:db8:f::1", network: "2001:db8:f::/64" }),
  },
  machine: {
    handlers: nspawnMachine,
    args: machineArgs({
      dns: ["185.12.64.1"],
      timezone: "Europe/Berlin",
      rootPassword: "correct horse",
      networks: [{ ...network, ipv6: "2001:db8:1::/64", isolation: "tenant" }],
      settings: {
        exec: { environment: { LANG: "C.UTF-8" }, capability: ["CAP_SYS_NICE"], systemCallFilter: ["@keyring"] },
        files: { bind: [{ source: "/srv/data" }], temporaryFileSystem: ["/scratch"] },
      },
      limits: { tasksMax: 512 },
      firewall: [{ direction: "in", protocol: "tcp", port: "80", sources: ["0.0.0.0/0"] }],
    }),
  },
  "machine of an archive": {
    handlers: nspawnMachine,
    args: machineArgs({
      image: { kind: "tarball", url: "https://images.example.org/web.tar.gz", sha256: "a".repeat(64) },
    }),
  },
  "machine on a LAN": { handlers: nspawnMachine, args: machineArgs({ networks: [lan] }) },
};

export type Resource = keyof typeof bases;
