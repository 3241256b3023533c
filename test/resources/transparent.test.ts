import { ofType, runProgram, valueOf } from "./run-program";

jest.setTimeout(60_000); // loading Pulumi takes seconds on a busy machine

const dynamic = (type: string) => `pulumi-nodejs:dynamic/nspawn:${type}`;
const ssh = { host: "192.0.2.205", hostKey: "ssh-ed25519 AAAAHOST" };

describe("a transparent bridge", () => {
  it("takes the host's uplink, and its machines have what the LAN gives or what is given", async () => {
    const registered = await runProgram(({ nspawn }) => {
      const host = new nspawn.NspawnHost("one", { ssh });
      const ipv4 = { network: "192.0.2.192/26", gateway: "192.0.2.193" };
      const network = new nspawn.BridgeNetwork("lan", { host, mode: "transparent", ipv4 });
      const image = nspawn.image.debootstrap({ suite: "bookworm" });
      new nspawn.NspawnMachine("web", { host, networks: [{ network }], image });
      const db = new nspawn.NspawnMachine("db", { host, networks: [{ network, addresses: ["192.0.2.240"] }], image });
      return valueOf(db.ipv4).then((address) => expect(address).toBe("192.0.2.240"));
    });
    const [bridge] = ofType(registered, dynamic("BridgeNetwork"));
    expect(bridge?.inputs).toMatchObject({ mode: "transparent", uplink: "eth0", ipv4: "192.0.2.205" });
    expect(bridge?.inputs).not.toHaveProperty("atHetzner");
    const networks = ofType(registered, dynamic("NspawnMachine")).map(({ inputs }) => inputs.networks[0]);
    expect(networks).toMatchObject([
      { mode: "transparent", addresses: [] },
      { mode: "transparent", addresses: [{ address: "192.0.2.240", proxied: true }], lan4: { gateway: "192.0.2.193" } },
    ]);
  });

  it("leaves words that nobody knows to the check, which says what is allowed", async () => {
    const registered = await runProgram(({ nspawn }) => {
      const host = new nspawn.NspawnHost("one", { ssh });
      const network = new nspawn.BridgeNetwork("lan", { host, mode: "nat", attach: "cable" as never });
      new nspawn.NspawnMachine("web", {
        host,
        networks: [{ network }],
        image: nspawn.image.debootstrap({ suite: "trixie" }),
      });
    });
    expect(ofType(registered, dynamic("BridgeNetwork"))[0]?.inputs).toMatchObject({ mode: "nat", attach: "cable" });
  });

  it("says that its host is a server of Hetzner, so that it is refused there", async () => {
    const registered = await runProgram(({ nspawn }) => {
      const server = { serverType: "cx23", image: "debian-12", location: "fsn1" };
      const host = new nspawn.NspawnHost("one", { server });
      new nspawn.BridgeNetwork("lan", { host, mode: "transparent" });
    });
    expect(ofType(registered, dynamic("BridgeNetwork"))[0]?.inputs).toMatchObject({ atHetzner: true });
  });
});
