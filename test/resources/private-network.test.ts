import type * as Nspawn from "../../provider";
import { runProgram, valueOf, type Modules } from "./run-program";

jest.setTimeout(60_000);

/** A server with a place in a private network, and what a program makes of it. */
async function on(
  program: (modules: Modules, host: Nspawn.NspawnHost, place: { ip: string; macAddress: string; networkId: number }) => unknown,
) {
  let made: any;
  let failure: any;
  const registered = await runProgram((modules) => {
    const host = new modules.nspawn.NspawnHost("one", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" } });
    try {
      made = program(modules, host, { ip: "10.0.1.11", macAddress: "86:00:00:2a:3b:4c", networkId: 7 });
    } catch (error) {
      failure = error;
    }
  });
  const of = (type: string) => registered.filter((one) => one.type.endsWith(type) && !one.type.startsWith("nspawn:"));
  return { made, failure, of };
} // prettier-ignore

const image = (nspawn: typeof Nspawn) => nspawn.image.debootstrap({ suite: "trixie" });

describe("a bridge on a private network", () => {
  it("has a route there, the server's address as gateway, and what packets have room for", async () => {
    const { made, of } = await on(({ nspawn }, host, privateNetwork) => {
      const ipv4 = { network: "10.0.11.0/24" };
      const back = new nspawn.BridgeNetwork("back", { host, bridge: "back", privateNetwork, ipv4 });
      const networks = [{ network: back, addresses: [back.ipv4For("db")] }];
      new nspawn.NspawnMachine("db", { host, image: image(nspawn), networks });
      return back.ipv4For("db");
    });
    const address = await valueOf(made);
    expect(of("NetworkRoute").map(({ inputs }) => inputs)).toEqual([
      { networkId: 7, destination: "10.0.11.0/24", gateway: "10.0.1.11" },
    ]);
    expect(of(":BridgeNetwork")[0]?.inputs).toMatchObject({
      mode: "routed",
      ipv4: "10.0.1.11",
      mtu: 1450,
      privateNetwork: { macAddress: "86:00:00:2a:3b:4c", address: "10.0.1.11", network: "10.0.11.0/24" },
    });
    expect(of(":BridgeNetwork")[0]?.inputs.ipv6).toBeUndefined();
    expect(of(":BridgeNetwork")[0]?.inputs.subnets).toBeUndefined();
    expect(of(":NspawnMachine")[0]?.inputs.networks[0]).toMatchObject({
      ...{ gateway4: "10.0.1.11", mtu: 1450, isPrivate: true, lan4: { network: "10.0.11.0/24" } },
      addresses: [{ address, proxied: false }],
    });
  });

  it("without a network of its own has the server's aliases, and no route", async () => {
    const { of } = await on(({ nspawn }, host, privateNetwork) => {
      const back = new nspawn.BridgeNetwork("back", { host, bridge: "back", privateNetwork });
      const networks = [{ network: back, addresses: ["10.0.1.40"] }];
      new nspawn.NspawnMachine("db", { host, image: image(nspawn), networks });
    });
    expect(of("NetworkRoute")).toEqual([]);
    expect(of(":BridgeNetwork")[0]?.inputs.privateNetwork).toEqual({
      ...{ macAddress: "86:00:00:2a:3b:4c", address: "10.0.1.11" },
    });
  });

  it("of a server without a public address is all that leads out", async () => {
    const { of } = await on(({ nspawn }, _, privateNetwork) => {
      const ssh = { host: "10.0.1.11", hostKey: "ssh-ed25519 AAAA" };
      const inner = new nspawn.NspawnHost("inner", { ssh });
      new nspawn.BridgeNetwork("back", { host: inner, bridge: "back", privateNetwork, ipv4: { network: "10.0.11.0/24" } });
    }); // prettier-ignore
    expect(of(":BridgeNetwork")[0]?.inputs.privateNetwork.only).toBe(true);
  });

  it("leaves other bridges' inputs as they were", async () => {
    const { of } = await on(({ nspawn }, host) => new nspawn.BridgeNetwork("br0", { host }));
    expect(Object.keys(of(":BridgeNetwork")[0]?.inputs ?? {})).not.toContain("privateNetwork");
  });
});

describe("a server without public addresses", () => {
  it("is reached by its private one, which is the host's own", async () => {
    const { made, of } = await on(({ nspawn }) => {
      const networks = [{ networkId: 7, ip: "10.0.1.12" }];
      const publicNets = [{ ipv4Enabled: false, ipv6Enabled: false }];
      const server = { serverType: "cx23", image: "debian-13", location: "fsn1", publicNets, networks };
      const proxy = { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" };
      return new nspawn.NspawnHost("inner", { server, ssh: { proxy } });
    });
    expect(await valueOf(made.ipv4)).toBe("10.0.1.12");
    const host = of(":NspawnHost").find(({ name }) => name === "inner");
    expect(host?.inputs.connection).toMatchObject({ host: "10.0.1.12", proxy: { host: "203.0.113.9" } });
  });
});
