import fc from "fast-check";
import type { MachineArgs } from "../../provider/model/args";
import { parseBridge } from "../../provider/model/parse-bridge";
import { parseMachine } from "../../provider/model/parse-machine";
import {
  guestHostname,
  guestHosts,
  guestNetworkFile,
  guestTimezone,
  ifupDropIn,
  ifupdownDropIn,
  machineDropIn,
  netdevFile,
  networkFile,
  portFile,
} from "../../provider/model/paths";
import type { Parsed } from "../../provider/model/problem";
import { desiredBridge } from "../../provider/render/desired-bridge";
import { desiredMachine } from "../../provider/render/desired-machine";
import { bridgeArgs, machineArgs } from "../support/sample";
import { parseIni } from "./ini";

const runs = { seed: 20261126, numRuns: 1000 };
const bridge = fc.stringMatching(/^br[A-Za-z0-9_-]{0,13}$/);
const uplink = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,9}x$/);
const mtu = fc.option(fc.integer({ min: 1280, max: 65535 }), { nil: undefined });

function accepted<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

describe("what is written for any accepted transparent bridge", () => {
  it("reads back as its port, its bridge and what leaves the port alone, and nothing else", () => {
    fc.assert(
      fc.property(bridge, uplink, mtu, (name, port, bytes) => {
        const given = { bridge: name, uplink: port, mtu: bytes, mode: "transparent" as const };
        const { files } = desiredBridge(accepted(parseBridge(bridgeArgs(given))));
        const width: [string, string][] = bytes === undefined ? [] : [["MTUBytes", String(bytes)]];
        const read = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, parseIni(text)]));
        expect(read[portFile(port)]).toEqual([
          ["Match", [["Name", port]]],
          ["Link", [["RequiredForOnline", "no"], ...width]],
          ["Network", [["Bridge", name], ["LinkLocalAddressing", "no"]]],
        ]); // prettier-ignore
        expect(read[ifupdownDropIn]).toEqual([["Service", [["Environment", `EXCLUDE_INTERFACES=${port}`]]]]);
        expect(read[ifupDropIn(port)]).toEqual([["Unit", [["ConditionPathExists", `!${portFile(port)}`]]]]);
        expect(read[netdevFile(name)]![0]).toEqual(["NetDev", [["Name", name], ["Kind", "bridge"], ...width]]);
        expect(read[networkFile(name)]![0]).toEqual(["Match", [["Name", name]]]);
        expect(files[networkFile(name)]).not.toMatch(/Masquerade|DHCPServer|Forward|Proxy/i);
      }),
      runs,
    );
  });
});

describe("what is written for any accepted machine on a LAN", () => {
  const host4 = fc.integer({ min: 2, max: 62 }).map((last) => `192.0.2.${192 + last}`);
  const host6 = fc.integer({ min: 2, max: 0xffff }).map((last) => `2001:db8:a::${last.toString(16)}`);

  it("reads back as its addresses with the LAN's own length, and one way out", () => {
    const addresses = fc.tuple(fc.uniqueArray(host4, { maxLength: 3 }), fc.uniqueArray(host6, { maxLength: 3 }));
    fc.assert(
      fc.property(addresses, bridge, ([four, six], name) => {
        const network = {
          bridge: name,
          host: "shop/lab/host/host-1",
          mode: "transparent" as const,
          addresses: [...four, ...six].map((address) => ({ address, proxied: true })),
          lan4: { network: "192.0.2.192/26", gateway: "192.0.2.193" },
        };
        const { files } = desiredMachine(accepted(parseMachine(machineArgs({ networks: [network] }))));
        const guest = parseIni(files[guestNetworkFile("web", "host0")]!);
        const all = (section: string, key: string): string[] =>
          guest
            .filter(([head]) => head === section)
            .flatMap(([, keys]) => keys.flatMap(([k, v]) => (k === key ? [v] : [])));
        expect(all("Address", "Address")).toEqual([...four.map((ip) => `${ip}/26`), ...six.map((ip) => `${ip}/128`)]);
        expect(all("Route", "Gateway")).toEqual(four.length === 0 ? [] : ["192.0.2.193"]);
        expect(all("Network", "DHCP")).toEqual([four.length === 0 ? "ipv4" : "no"]);
        expect(Object.keys(files).filter((path) => path.includes("proxies.d") || path.includes(".network.d"))).toEqual(
          [],
        );
      }),
      runs,
    );
  });
});

describe("what is written for any accepted machine's names", () => {
  const label = /^[a-z]([a-z0-9-]{0,9}[a-z0-9])?$/;
  const hostname = fc.array(fc.stringMatching(label), { minLength: 1, maxLength: 3 }).map((labels) => labels.join("."));
  const zone = fc.constantFrom(undefined, "UTC", "Europe/Berlin", "Etc/GMT+1", "America/Argentina/Ushuaia");

  it("is one name per file, the usual hosts beside it, and a start that waits for one bridge", () => {
    fc.assert(
      fc.property(hostname, zone, bridge, (given, timezone, name) => {
        const [network] = machineArgs().networks;
        const args: MachineArgs = machineArgs({ hostname: given, timezone, networks: [{ ...network!, bridge: name }] });
        const { files } = desiredMachine(accepted(parseMachine(args)));
        expect(files[guestHostname("web")]).toBe(`${given}\n`);
        expect(files[guestTimezone("web")]).toBe(timezone && `${timezone}\n`);
        const short = given.split(".")[0]!;
        const hosts = files[guestHosts("web")]!.split("\n").map((line) => line.split(/\s+/));
        expect(hosts.slice(0, -1).map(([ip]) => ip)).toEqual(["127.0.0.1", "127.0.1.1", "::1"]);
        expect(hosts[1]!.slice(1)).toEqual(short === given ? [given] : [given, short]);
        const command = parseIni(files[machineDropIn("web")]!).flatMap(([, keys]) =>
          keys.filter(([key]) => key.startsWith("Exec")),
        );
        expect(command).toEqual([
          [
            "ExecStartPre",
            `/usr/bin/timeout 30 /bin/sh -c 'until [ -e /sys/class/net/${name}/bridge ]; do sleep 0.1; done'`,
          ],
        ]);
      }),
      runs,
    );
  });
});
