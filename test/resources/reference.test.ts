import { exportedHost, locationOf } from "../../provider/resources/exported-host";
import { isSecret, ofType, runProgram, valueOf, type Registered } from "./run-program";

jest.setTimeout(60_000);

const dynamic = (type: string) => `pulumi-nodejs:dynamic/nspawn:${type}`;
const inputsOf = (registered: Registered[], type: string) => ofType(registered, type)[0]!.inputs;
const server = { serverType: "cx23", image: "debian-13", location: "fsn1" };

/** What a platform's stack exports, as the engine hands it to another. */
async function exported(args: object): Promise<object> {
  let value: object = {};
  await runProgram(async ({ nspawn, pulumi }) => {
    const host = new nspawn.NspawnHost("home", args);
    expect(await pulumi.isSecret(host.exported)).toBe(true);
    value = await valueOf(host.exported);
  });
  return JSON.parse(JSON.stringify(value)) as object;
}

const ssh = { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAAPINNED", privateKey: "ssh-canary" };

describe("another stack's host", () => {
  test("carries machines, bridges and addresses of this one, which own themselves", async () => {
    const home = await exported({ server, shared: true });
    const registered = await runProgram(({ nspawn, pulumi }) => {
      const host = nspawn.NspawnHost.reference("home", pulumi.secret(home) as never);
      const ip = new nspawn.FloatingIp("web", { type: "ipv4", host });
      const network = new nspawn.BridgeNetwork("net", { host, bridge: "br-t" });
      const image = nspawn.image.debootstrap({ suite: "trixie" });
      new nspawn.NspawnMachine("web", {
        host,
        networks: [{ network, addresses: [ip, network.ipv6For("web")] }],
        image,
      });
    });
    expect(registered.map(({ type }) => type)).not.toContain(dynamic("NspawnHost"));
    expect(registered.map(({ type }) => type)).not.toContain("hcloud:index/server:Server");
    const { instance } = home as { instance: string };
    for (const type of ["BridgeNetwork", "FloatingIp", "NspawnMachine"]) {
      const inputs = inputsOf(registered, dynamic(type));
      expect(inputs.host.instance).toBe(instance);
      expect(inputs.owner).toMatch(/\/(bridge\/net|floating-ip\/web|machine\/web)$/);
    }
    const assignment = inputsOf(registered, "hcloud:index/floatingIpAssignment:FloatingIpAssignment");
    expect(assignment.serverId).toBe(Number(instance));
    expect(inputsOf(registered, "hcloud:index/floatingIp:FloatingIp").homeLocation).toBe("fsn1");
  });

  test("keeps its login secret, and what is none readable", async () => {
    const home = await exported({ ssh });
    const registered = await runProgram(({ nspawn, pulumi }) => {
      const host = nspawn.NspawnHost.reference("home", pulumi.secret(home) as never);
      new nspawn.BridgeNetwork("net", { host });
    });
    const inputs = inputsOf(registered, dynamic("BridgeNetwork"));
    expect(inputs.connection.host).toBe("203.0.113.9");
    expect(isSecret(inputs.credentials)).toBe(true);
    expect(isSecret(inputs.connection)).toBe(false);
    expect(JSON.stringify({ ...inputs, credentials: undefined })).not.toContain("ssh-canary");
  });

  test.each([
    ["nothing", undefined, /got nothing/],
    ["another output", { ipv4: "203.0.113.9" }, /got something else/],
    ["a form of later", { nspawnHost: 2 }, /format 2; this version knows 1/],
  ])("is refused where the output is %s", (_what, value, says) => {
    expect(() => exportedHost("home", value as never)).toThrow(says);
  });

  test("that is no server has no floating address", async () => {
    const home = await exported({ ssh });
    expect(() => locationOf("home", home as never)).toThrow(/is not a Hetzner server/);
  });
});
