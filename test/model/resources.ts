import type { Desired } from "../../provider/model/desired";
import { parseBridge } from "../../provider/model/parse-bridge";
import { parseFloatingIp } from "../../provider/model/parse-floating-ip";
import { parseHost } from "../../provider/model/parse-host";
import { parseMachine } from "../../provider/model/parse-machine";
import type { Parsed } from "../../provider/model/problem";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredFloatingIp } from "../../provider/render/desired-floating-ip";
import { desiredHost } from "../../provider/render/desired-host";
import { desiredMachine } from "../../provider/render/desired-machine";
import { bridgeArgs, floatingIpArgs, hostArgs, hostKeyText, machineArgs } from "../support/sample";

export interface Resource {
  name: string;
  /** Arguments with every optional one given. */
  full: object;
  parse: (inputs: unknown) => Parsed<object>;
  render: (args: never) => Desired;
}

const connection = {
  host: "h",
  port: 22,
  user: "root",
  hostKeys: [hostKeyText],
  perDialTimeout: 20,
  agentSocketPath: "/run/agent",
};

/** The four resources on a host, each with all of its arguments. */
export const resources: Resource[] = [
  {
    name: "NspawnHost",
    full: hostArgs({ connection, uplink: "eth0", packages: ["tcpdump"], sysctls: { "net.core.somaxconn": "1024" } }),
    parse: parseHost,
    render: desiredHost,
  },
  { name: "BridgeNetwork", full: bridgeArgs({ connection, mtu: 1450 }), parse: parseBridge, render: desiredBridge },
  {
    name: "FloatingIp",
    full: floatingIpArgs({ connection, type: "ipv6", address: "2001:db8:f::1", network: "2001:db8:f::/64" }),
    parse: parseFloatingIp,
    render: desiredFloatingIp,
  },
  {
    name: "NspawnMachine",
    full: machineArgs({
      connection,
      dns: ["185.12.64.1"],
      timezone: "Europe/Berlin",
      rootPassword: "$6$salt$hash",
      ephemeral: true,
      fleet: { name: "web", maxUnavailable: 2 },
    }),
    parse: parseMachine,
    render: desiredMachine,
  },
];

type Path = (string | number)[];

/** The paths of all values inside a value, itself excluded. */
export function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    return [path, ...pathsOf(inner, path)];
  });
}
