import { combinations, controls, modes, runAttacks, summary, type Result, type Trial } from "../attack";
import { describeInLab } from "./available";

jest.setTimeout(900_000);

/** Of each kind of victim and measure one that works without isolation, in both families; `npm run attack` has the others. */
const few = [
  "ARP reply: B's address is at A",
  "ARP reply: the gateway is at A",
  "NA, override: B's address is at A",
  "NA behind a hop-by-hop header",
  "NA: the gateway is at A",
  "router advertisement to all",
  "DHCPv4 offer to all",
  "IPv4 source: B's address",
  "IPv6 source: B's address",
  "B's MAC address as the source: B's frames come to A",
  "BPDU: A is the root of the spanning tree",
  "from the uplink in A's name, IPv4",
  "HTTP to 169.254.169.254",
  "SSH of the host, on its IPv4 address",
  "root of the machine is root of the host",
  "2,000 senders of ARP: the table of IPv4 neighbours",
];

/** Of each way in which root touches a machine's tree, a race or a trap that works the old way. */
const files = [
  "write: the new file becomes a link before it is filled",
  "write: folders are made behind a link, by turns",
  "link: it is made in the folder to which another link leads",
  "password: the new file becomes a link before it is filled",
  "remove: behind a link, by turns",
  "rollback: the machine's file in the place of the host's, by turns",
  "snapshot: the host's file is kept as the machine's",
  "read: the host's file, behind a folder that is a link by turns",
  "move: through a link of an earlier transfer",
  "move: the host's files are sent, behind a folder that is a link by turns",
  "another user of the host: holds the lock",
];

const traffic = [
  "ping of the client, IPv4",
  "ping of the client, IPv6",
  "4,000 bytes from the client, IPv4",
  "4,000 bytes from the client, IPv6",
  "first packet from A to B, IPv4",
  "first packet from A to B, IPv6",
  "TCP to B, IPv4",
  "TCP to B, IPv6",
  "mDNS to the gateway, IPv6",
];

const attacks = [...few, ...files];
const chosen = ({ name }: Trial): boolean => attacks.includes(name) || traffic.includes(name);
const shown = ({ trial, combination, outcome }: Result) => `${combination ?? "control"}: ${trial.name}: ${outcome}`;

describeInLab("attacks from inside a machine", () => {
  it("work without isolation, and are stopped by it, and what has to pass passes", async () => {
    const results = await runAttacks({
      lab: "e2e-attack",
      modes: modes.filter(({ name }) => name === "routed" || name === "files"),
      combinations: combinations.filter(({ name }) => name === "plain"),
      chosen,
      isolation: "tenant",
      tries: 100,
      progress: () => undefined,
      told: () => undefined,
    });
    expect(results.filter(({ good }) => !good).map(shown)).toEqual([]);
    expect(controls(results)).toMatch(/, 0 are harmless here, 0 not shown$/);
    expect(summary(results)).toBe(
      `${attacks.length} attacks, ${attacks.length} stopped; ${traffic.length} legitimate, ${traffic.length} delivered`,
    );
  });
});
