import { isSecret, ofType, runProgram, valueOf, withoutSecrets, type Registered } from "./run-program";

jest.setTimeout(60_000); // loading Pulumi takes seconds on a busy machine

type Program = Parameters<typeof runProgram>[0];

const dynamic = (type: string) => `pulumi-nodejs:dynamic/nspawn:${type}`;
const publicKey = "ssh-ed25519 AAAAUSER operator";

/** The smallest program of README.md. */
const smallest: Program = ({ hcloud, nspawn }) => {
  const key = new hcloud.SshKey("operator", { publicKey });
  const host = new nspawn.NspawnHost("host-1", {
    server: { serverType: "cx23", image: "debian-12", location: "fsn1", sshKeys: [key.name] },
  });
  const br0 = new nspawn.BridgeNetwork("br0", { host });
  const ip = new nspawn.FloatingIp("web", { type: "ipv4", host });
  const web = new nspawn.NspawnMachine("web", {
    host,
    networks: [{ network: br0, addresses: [ip] }],
    image: nspawn.image.debootstrap({ suite: "bookworm", packages: ["nginx-light"] }),
    authorizedKeys: [publicKey],
  });
  return valueOf(web.ipv4).then((address) => expect(address).toBe("198.51.100.7"));
};

const only = (registered: Registered[], type: string): Record<string, any> => {
  const found = ofType(registered, type);
  expect(found).toHaveLength(1);
  return found[0]!.inputs;
};

describe("the smallest program", () => {
  let registered: Registered[];
  beforeAll(async () => {
    registered = await runProgram(smallest);
  });

  test("makes these resources and no others", () => {
    const types = registered.map(({ type, name }) => `${type} ${name}`).filter((line) => !line.startsWith("pulumi:"));
    expect(types.sort()).toEqual(
      [
        "hcloud:index/sshKey:SshKey operator",
        "hcloud:index/server:Server host-1",
        "hcloud:index/floatingIp:FloatingIp web",
        "hcloud:index/floatingIpAssignment:FloatingIpAssignment web",
        "nspawn:index:NspawnHost host-1",
        "nspawn:index:BridgeNetwork br0",
        "nspawn:index:FloatingIp web",
        "nspawn:index:NspawnMachine web",
        `${dynamic("HostKey")} host-1`,
        `${dynamic("NspawnHost")} host-1`,
        `${dynamic("BridgeNetwork")} br0`,
        `${dynamic("FloatingIp")} web`,
        `${dynamic("NspawnMachine")} web`,
      ].sort(),
    );
  });

  test.each([
    ["HostKey", "hostKey"],
    ["NspawnHost", "nspawnHost"],
    ["BridgeNetwork", "bridgeNetwork"],
    ["FloatingIp", "floatingIp"],
    ["NspawnMachine", "nspawnMachine"],
  ])("%s is data: its provider names the package and one handler", (type, handler) => {
    expect(only(registered, dynamic(type)).__provider).toBe(
      `exports.handler=()=>require("pulumi-nspawn/provider").${handler}`,
    );
  });

  test("the server gets the boot key by user data, and only the boot key, as a secret", () => {
    const { userData, ...rest } = only(registered, "hcloud:index/server:Server");
    expect(isSecret(userData)).toBe(true);
    const text = withoutSecrets(userData) as string;
    expect(text).toMatch(/^#cloud-config\n/);
    expect(JSON.parse(text.slice(text.indexOf("\n")))).toEqual({
      ssh_deletekeys: true,
      ssh_genkeytypes: [],
      ssh_keys: { ed25519_private: "boot-private-canary", ed25519_public: "ssh-ed25519 AAAABOOT" },
    });
    expect(rest).toEqual({ serverType: "cx23", image: "debian-12", location: "fsn1", sshKeys: ["operator-1234567"] });
  });

  test("the host resource pins the key that replaces the boot key, and hides the private half", () => {
    const inputs = only(registered, dynamic("NspawnHost"));
    expect(inputs.connection).toEqual({
      host: "203.0.113.5",
      port: 22,
      user: "root",
      hostKeys: ["ssh-ed25519 AAAAHOST"],
    });
    expect(inputs.bootHostKey).toBe("ssh-ed25519 AAAABOOT");
    expect(isSecret(inputs.rotation)).toBe(true);
    expect(withoutSecrets(inputs.rotation)).toEqual({ privateKey: "host-private-canary" });
    expect(inputs).toMatchObject({ stateVersion: 1, packages: [], sysctls: {}, resolved: true, adopt: false });
  });

  test("the bridge is routed, protects its machines, and has the host's own addresses", () => {
    expect(only(registered, dynamic("BridgeNetwork"))).toMatchObject({
      owner: "shop/test/bridge/br0",
      bridge: "br0",
      mode: "routed",
      isolation: "tenant",
      ipv4: "203.0.113.5",
      ipv6: "2001:db8:1::/64",
    });
  });

  test("the floating address is assigned to the server and answered for on its host", () => {
    const server = registered.findIndex(({ type }) => type === "hcloud:index/server:Server");
    const assignment = only(registered, "hcloud:index/floatingIpAssignment:FloatingIpAssignment");
    expect(assignment.serverId).toBe(101 + server);
    const inputs = only(registered, dynamic("FloatingIp"));
    expect(inputs).toMatchObject({ type: "ipv4", name: "web", address: "198.51.100.7" });
    expect(inputs.network).toBeUndefined();
  });

  test("the machine gets its address, its gateway, its image and its keys", () => {
    const inputs = only(registered, dynamic("NspawnMachine"));
    expect(inputs).toMatchObject({
      owner: "shop/test/machine/web",
      name: "web",
      hostname: "web",
      authorizedKeys: [publicKey],
      startAtBoot: true,
      running: true,
      privateUsers: "pick",
      readyWhen: "running",
      onDelete: "trash",
    });
    expect(inputs.networks).toEqual([
      {
        bridge: "br0",
        host: "shop/test/host/host-1",
        addresses: [{ address: "198.51.100.7", proxied: false }],
        gateway4: "203.0.113.5",
        ipv6: "2001:db8:1::/64",
        isolation: "tenant",
      },
    ]);
    expect(inputs.image).toEqual({
      kind: "debootstrap",
      suite: "bookworm",
      mirror: "http://deb.debian.org/debian",
      variant: "minbase",
      packages: ["dbus", "iproute2", "iputils-ping", "nginx-light", "openssh-server", "systemd", "systemd-sysv"],
    });
  });

  test.each(["NspawnHost", "BridgeNetwork", "FloatingIp", "NspawnMachine"])(
    "%s knows its host, its owner and its URN, and hides credentials and secret files",
    (type) => {
      const inputs = only(registered, dynamic(type));
      expect(inputs.host.id).toBe("shop/test/host/host-1");
      expect(inputs.host.instance).toMatch(/^1\d\d$/);
      expect(inputs.ownUrn).toContain(`::nspawn:index:${type}$${dynamic(type)}::`);
      expect(inputs.urn).toBeUndefined();
      expect(isSecret(inputs.credentials)).toBe(true);
      expect(isSecret(inputs.secretFiles)).toBe(true);
      expect(withoutSecrets(inputs.secretFiles)).toEqual({});
    },
  );

  test("a preview before the first `up` leaves nothing out but values", async () => {
    const names = (list: Registered[]) => list.map(({ type, name }) => `${type} ${name}`).sort();
    const preview = await runProgram(
      async ({ hcloud, nspawn }) => {
        const key = new hcloud.SshKey("operator", { publicKey });
        const host = new nspawn.NspawnHost("host-1", {
          server: { serverType: "cx23", image: "debian-12", location: "fsn1", sshKeys: [key.name] },
        });
        const br0 = new nspawn.BridgeNetwork("br0", { host });
        const ip = new nspawn.FloatingIp("web", { type: "ipv4", host });
        new nspawn.NspawnMachine("web", {
          host,
          networks: [{ network: br0, addresses: [ip, br0.ipv6For("web")] }],
          image: nspawn.image.debootstrap({ suite: "bookworm" }),
        });
        await Promise.resolve();
      },
      { preview: true },
    );
    expect(names(preview)).toEqual(names(registered));
  });
});
