import { Lab } from "../../support/harness";
import type { Spec } from "../../support/spec";
import { describeInLab } from "../available";
import { areReachedAndSeen, isSeenAs, reaches, type Inhabited } from "../examples/promises";
import { clientAddress } from "../reach";
import { Reader } from "../readers";
import { rebooted, soon, startedInReverse } from "../restarts";

const minutes = 60_000;
const inDb = ["10.9.0.8", "10.9.0.7"];

/** `web` is on all three; `db` on the isolated one alone; `other` on the two that the host routes or translates. */
const spec: Spec = {
  hosts: { one: { server: {} } },
  bridges: {
    br0: { host: "one" },
    nat0: { host: "one", bridge: "nat0", mode: "nat", ipv4: { network: "10.8.0.0/24" } },
    back: { host: "one", bridge: "back", mode: "isolated", ipv4: { network: "10.9.0.0/24" } },
  },
  ips: { four: { type: "ipv4", host: "one" } },
  machines: {
    web: {
      ...{ host: "one", bridge: "br0", addresses: [{ ip: "four" }, { ipv6For: "web" }] },
      also: [
        { bridge: "nat0", ports: [{ protocol: "tcp", host: 2222, machine: 22 }] },
        { bridge: "back", addresses: [{ ipv6For: "web" }, { literal: inDb[1]! }] },
      ],
    },
    db: { host: "one", bridge: "back", addresses: [{ ipv6For: "db" }, { literal: inDb[0]! }] },
    other: { host: "one", bridge: "br0", addresses: [{ ipv6For: "other" }], also: [{ bridge: "nat0" }] },
  },
};

describeInLab("a machine with a routed, a translated and an isolated network", () => {
  const lab = new Lab("e2e-three");
  const stack = lab.stack("three");
  const inside = (host: string, machine: string, text: string): Promise<string> =>
    lab.sh(host, `exec nsenter -t $(machinectl show ${machine} -p Leader --value) -n sh -ec '${text}'`);
  const inhabited: Inhabited = { lab, inside };
  /** Addresses of `web`, by network, the host's own, and the one of `db`. */
  const own = { host: "", routed: [""], lease: "", back: [""], db: [""] };

  /** In both families, by its own addresses; nobody translates. */
  const isReached = async (): Promise<void> => {
    await areReachedAndSeen(inhabited, own.routed);
    for (const address of own.routed) await isSeenAs(inhabited, "one", "web", address);
  };
  /** Out from its lease by the host's address, and in by the host's port, where it sees who comes. */
  const isTranslated = async (): Promise<void> => {
    await isSeenAs(inhabited, "one", "web", own.host, own.lease);
    const login = ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new", "-p", "2222", `root@${own.host}`];
    const said = await lab.out("client", "ssh", ...login, 'echo "$(hostname) $SSH_CONNECTION"');
    expect(said.trim()).toMatch(new RegExp(`^web ${clientAddress.ipv4} \\d+ ${own.lease} 22$`));
  };
  const isSilent = async (place: string, machine: string | undefined, address: string): Promise<void> => {
    const text = `ping -n -c2 -W1 ${address} >/dev/null && echo answered || echo silent`;
    const said = machine === undefined ? await lab.sh(place, text) : await inside(place, machine, text);
    expect([place, machine, address, said.trim()]).toEqual([place, machine, address, "silent"]);
  };
  /** Its neighbour reaches it there, and nobody else: not the host, not the client, not one that takes the host for a way. */
  const isApart = async (): Promise<void> => {
    for (const address of own.back) await reaches(inhabited, "one", "db", address);
    for (const address of own.db) await reaches(inhabited, "one", "web", address);
    for (const address of own.back) {
      await isSilent("one", undefined, address);
      await isSilent("client", undefined, address);
      const family = address.includes(":") ? "-6" : "-4";
      // By each of its two networks the root of another machine makes the host its way there.
      for (const link of ["host0", "nat0"]) {
        const gateway = family === "-6" ? "fe80::1" : link === "nat0" ? "10.8.0.1" : own.host;
        await inside("one", "other", `ip ${family} route replace ${address} via ${gateway} dev ${link} onlink`);
        await isSilent("one", "other", address);
        await inside("one", "other", `ip ${family} route del ${address} dev ${link}`);
      }
    }
    // And it reaches nobody beside: neither the client nor the host, by whom it would have to go.
    for (const address of [clientAddress.ipv4, clientAddress.ipv6, own.host, own.lease, ...own.routed])
      await isSilent("one", "db", address);
  };
  const works = async (): Promise<void> => {
    await isReached();
    await isTranslated();
    await isApart();
  };
  const isInOrder = async (): Promise<void> => {
    const doctor = await new Reader(lab).types("npx pulumi-nspawn doctor");
    expect([doctor.code, doctor.code === 0 ? "" : doctor.output]).toEqual([0, ""]);
    const drift = await stack.drift();
    expect([drift.code, drift.code === 0 ? "" : drift.output]).toEqual([0, ""]);
  };

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec);
    const { hosts } = await stack.outputs();
    const { resources = [] } = (await stack.export()).deployment;
    const addressesOf = (name: string): string[][] => {
      const machine = resources.find(({ urn }) => urn.endsWith(`nspawn:NspawnMachine::${name}`));
      return (machine?.inputs?.networks as { addresses: { address: string }[] }[]).map(({ addresses }) =>
        addresses.map(({ address }) => address),
      );
    };
    const [routed = [], [lease = ""] = [], back = []] = addressesOf("web");
    const [db = []] = addressesOf("db");
    Object.assign(own, { host: hosts.one?.ipv4 ?? "", routed, lease, back, db });
  }, 30 * minutes);
  afterAll(() => lab.down(), 5 * minutes);

  test(
    "passes the checks of each, at once after up",
    async () => {
      expect([own.routed.length, own.back.length, own.db.length]).toEqual([2, 2, 2]);
      expect(own.lease).toMatch(/^10\.8\.0\./);
      await works();
      await isInOrder();
    },
    10 * minutes,
  );

  test.each<[string, () => Promise<unknown>]>([
    ["networkd's restart", () => lab.sh("one", "systemctl restart systemd-networkd")],
    ["starts in reverse order", () => startedInReverse(lab, "one")],
    ["the host's reboot", () => rebooted(lab, "one")],
  ])(
    "passes them after %s",
    async (_, restart) => {
      await restart();
      await soon(works);
      await isInOrder();
    },
    20 * minutes,
  );
});
