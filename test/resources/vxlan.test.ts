import type * as Nspawn from "../../provider";
import { runProgram, valueOf, type Modules } from "./run-program";

jest.setTimeout(60_000);

type Hosts = Record<"one" | "two", Nspawn.NspawnHost>;

/** A program on two existing hosts: what it made, or its error. */
async function on<T>(program: (nspawn: typeof Nspawn, hosts: Hosts, modules: Modules) => T): Promise<{ made?: T; registered: Awaited<ReturnType<typeof runProgram>>; failure?: any }> {
  let made: T | undefined;
  let failure: any;
  const registered = await runProgram((modules) => {
    const host = (name: string, ipv4: string) =>
      new modules.nspawn.NspawnHost(name, { ssh: { host: ipv4, hostKey: "ssh-ed25519 AAAA" } });
    try {
      made = program(modules.nspawn, { one: host("one", "203.0.113.9"), two: host("two", "203.0.113.10") }, modules);
    } catch (error) {
      failure = error;
    }
  });
  return { made, registered, failure };
} // prettier-ignore

const back = (nspawn: typeof Nspawn, { one, two }: Hosts, changes: Partial<Nspawn.BridgeNetworkArgs> = {}) => {
  const args = { bridge: "back", mode: "isolated" as const, ...changes };
  return [
    new nspawn.BridgeNetwork("back-1", { host: one, vxlan: { id: 5001, peers: [two] }, ...args }),
    new nspawn.BridgeNetwork("back-2", { host: two, vxlan: { id: 5001, peers: [one] }, ...args }),
  ] as const;
};

describe("a network of two hosts", () => {
  it("is one network by name, with addresses for packets of the underlay, and machines know of it", async () => {
    const { made, registered } = await on((nspawn, hosts) => {
      const [first, second] = back(nspawn, hosts);
      const image = nspawn.image.debootstrap({ suite: "trixie" });
      const networks = [{ network: second, addresses: [second.ipv6For("web")] }];
      new nspawn.NspawnMachine("web", { host: hosts.two, image, networks });
      return [first.ipv6For("db"), second.ipv6For("web"), second.ipv6For("db")];
    });
    const [db, web, again] = await Promise.all((made ?? []).map((address) => valueOf(address)));
    expect(db?.slice(0, 19)).toBe(web?.slice(0, 19));
    expect([db !== web, again]).toEqual([true, db]);
    const bridges = registered.filter(({ type }) => type.endsWith(":BridgeNetwork") && type.includes("dynamic"));
    expect(bridges.map(({ inputs }) => [inputs.vxlan, inputs.mtu])).toEqual([
      [{ id: 5001, local: "203.0.113.9", peers: ["203.0.113.10"] }, 1450],
      [{ id: 5001, local: "203.0.113.10", peers: ["203.0.113.9"] }, 1450],
    ]);
    const machine = registered.find(({ type }) => type.includes("dynamic") && type.endsWith(":NspawnMachine"));
    expect(machine?.inputs.networks[0]).toMatchObject({ vxlan: 5001, mtu: 1450 });
    expect(machine?.inputs.networks[0].addresses[0].host).toBeUndefined();
  });

  it("takes another underlay, family and size", async () => {
    const of = async (changes: (hosts: Hosts) => Partial<Nspawn.BridgeNetworkArgs>) => {
      const { registered } = await on((nspawn, hosts) => {
        new nspawn.BridgeNetwork("b", { host: hosts.one, mode: "isolated", ...changes(hosts) });
      });
      const bridge = registered.find(({ type }) => type.includes("dynamic") && type.endsWith(":BridgeNetwork"));
      return [bridge?.inputs.vxlan, bridge?.inputs.mtu] as unknown;
    };
    expect(await of(({ two }) => ({ vxlan: { id: 7, peers: [two], underlay: "ipv6" } }))).toEqual([
      { id: 7, local: "2001:db8:9::1", peers: ["2001:db8:9::1"] },
      1430,
    ]);
    const text = { id: 7, peers: ["10.0.0.3"], underlay: "10.0.0.2", port: 8472 };
    expect(await of(() => ({ vxlan: text, mtu: 1400 }))).toEqual([
      { id: 7, local: "10.0.0.2", peers: ["10.0.0.3"], port: 8472 },
      1400,
    ]);
  });

  it("refuses the host itself as a peer, one number twice on a host, and a host where an address is needed", async () => {
    const failureOf = async (program: Parameters<typeof on>[0]) => (await on(program)).failure as { message?: string };
    const bridge = (nspawn: typeof Nspawn, name: string, host: Nspawn.NspawnHost, vxlan: Nspawn.BridgeVxlanArgs) =>
      new nspawn.BridgeNetwork(name, { host, bridge: name, mode: "isolated", vxlan });
    const self = await failureOf((nspawn, { one }) => bridge(nspawn, "a", one, { id: 1, peers: [one] }));
    expect(self.message).toMatch(/vxlan\.peers\[0\] is this host itself/);
    const twice = await failureOf((nspawn, { one, two }) => {
      for (const name of ["a", "b"]) bridge(nspawn, name, one, { id: 1, peers: [two] });
    });
    expect(twice.message).toMatch(/VXLAN 1 on shop\/test\/host\/one is used twice/);
    const list = await failureOf((nspawn, { one }) => bridge(nspawn, "a", one, { id: 1 } as never));
    expect(list.message).toMatch(/vxlan\.peers must be a list/);
  });

  it("says that it is plain text over the internet, and nothing of a private network", async () => {
    const warningsOf = async (vxlan: (hosts: Hosts) => Nspawn.BridgeVxlanArgs) => {
      const said: string[] = [];
      await on((nspawn, hosts, { pulumi }) => {
        const warn = jest.spyOn(pulumi.log, "warn").mockImplementation((text) => {
          said.push(text);
          return Promise.resolve();
        });
        const bridge = new nspawn.BridgeNetwork("b", { host: hosts.one, mode: "isolated", vxlan: vxlan(hosts) });
        return valueOf(bridge.mtu).then(() => new Promise((resolve) => setTimeout(resolve, 50))).finally(() => warn.mockRestore());
      }).then(({ made }) => made);
      return said;
    }; // prettier-ignore
    expect(await warningsOf(() => ({ id: 7, peers: ["8.8.8.8"] }))).toEqual([
      expect.stringMatching(/VXLAN 7 to 8\.8\.8\.8 cross the internet as plain text/),
    ]);
    expect(await warningsOf(() => ({ id: 7, peers: ["10.0.0.3"], underlay: "10.0.0.2" }))).toEqual([]);
  });
});
