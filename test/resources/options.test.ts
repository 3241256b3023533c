import type * as pulumi from "@pulumi/pulumi";
import type * as Nspawn from "../../provider";
import { isSecret, ofType, runProgram, valueOf, withoutSecrets, type Modules, type Registered } from "./run-program";

jest.setTimeout(60_000);

const dynamic = (type: string) => `pulumi-nodejs:dynamic/nspawn:${type}`;
const inputsOf = (registered: Registered[], type: string) => ofType(registered, type)[0]!.inputs;
const server = { serverType: "cx23", image: "debian-12", location: "fsn1" };

describe("a host without a server", () => {
  test("is any Debian host by SSH; no server and no host key are made", async () => {
    const registered = await runProgram(async ({ nspawn }) => {
      const host = new nspawn.NspawnHost("home", {
        ssh: { host: "203.0.113.9", port: 2222, hostKey: "ssh-ed25519 AAAAPINNED", privateKey: "ssh-canary" },
        packages: [...nspawn.debuggingPackages],
        sysctls: { "net.core.somaxconn": "4096" },
        resolved: false,
      });
      expect(await valueOf(host.ipv4)).toBe("203.0.113.9");
      expect(await valueOf(host.ipv6Network)).toBe("2001:db8:9::/64");
      expect(await valueOf(host.uplink)).toBe("eth0");
      expect(await valueOf(host.hostKey)).toBe("ssh-ed25519 AAAAPINNED");
    });
    expect(registered.some(({ type }) => type.startsWith("hcloud:") || type.endsWith(":HostKey"))).toBe(false);
    const inputs = inputsOf(registered, dynamic("NspawnHost"));
    expect(inputs.connection).toEqual({
      host: "203.0.113.9",
      port: 2222,
      user: "root",
      hostKeys: ["ssh-ed25519 AAAAPINNED"],
    });
    expect(inputs.host.instance).toBe("203.0.113.9:2222");
    expect(inputs.packages).toContain("tcpdump");
    expect(inputs.sysctls).toEqual({ "net.core.somaxconn": "4096" });
    expect(inputs.resolved).toBe(false);
    expect(inputs.bootHostKey).toBeUndefined();
  });

  test("tells each resource on it when it may be forgotten, and says nothing else otherwise", async () => {
    for (const forgetUnreachable of [true, false]) {
      const registered = await runProgram(({ nspawn }) => {
        const ssh = { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAAPINNED" };
        const host = new nspawn.NspawnHost("home", { ssh, forgetUnreachable });
        new nspawn.BridgeNetwork("br0", { host });
      });
      for (const type of ["NspawnHost", "BridgeNetwork"]) {
        const { connection } = inputsOf(registered, dynamic(type));
        expect(connection.forgetUnreachable).toBe(forgetUnreachable ? true : undefined);
        expect("forgetUnreachable" in connection).toBe(forgetUnreachable);
      }
    }
  });

  test("keeps every private key in `credentials`, a jump host's too", async () => {
    const registered = await runProgram(({ nspawn, pulumi }) => {
      new nspawn.NspawnHost("home", {
        ssh: {
          host: "10.0.0.9",
          hostKey: "ssh-ed25519 AAAA",
          privateKey: pulumi.secret("inner-canary"),
          privateKeyPassword: "passphrase-canary",
          proxy: { host: "203.0.113.1", hostKey: "ssh-ed25519 BBBB", privateKey: "jump-canary" },
        },
      });
    });
    const { credentials, ...rest } = inputsOf(registered, dynamic("NspawnHost"));
    expect(isSecret(credentials)).toBe(true);
    expect(withoutSecrets(credentials)).toEqual({
      privateKey: "inner-canary",
      privateKeyPassword: "passphrase-canary",
      proxy: { privateKey: "jump-canary" },
    });
    expect(JSON.stringify(rest)).not.toContain("canary");
    expect(rest.connection.proxy).toEqual({
      host: "203.0.113.1",
      port: 22,
      user: "root",
      hostKeys: ["ssh-ed25519 BBBB"],
    });
  });
});

describe("a host with an existing server", () => {
  test("is reached at the server's address and by its pinned key; the server stays as it is", async () => {
    const registered = await runProgram(({ nspawn, hcloud }) => {
      const given = new hcloud.Server("given", server);
      new nspawn.NspawnHost("host-1", { server: given, ssh: { hostKey: "ssh-ed25519 AAAAPINNED" } });
    });
    expect(ofType(registered, "hcloud:index/server:Server")).toHaveLength(1);
    expect(inputsOf(registered, "hcloud:index/server:Server").userData).toBeUndefined();
    expect(registered.some(({ type }) => type.endsWith(":HostKey"))).toBe(false);
    expect(inputsOf(registered, dynamic("NspawnHost")).connection).toMatchObject({
      host: "203.0.113.5",
      hostKeys: ["ssh-ed25519 AAAAPINNED"],
    });
  });
});

describe("what is on a server", () => {
  /** What the engine would not take back when the server goes, by type. */
  async function goneWith(args: (hcloud: Modules["hcloud"]) => Nspawn.NspawnHostArgs): Promise<string[]> {
    const gone: string[] = [];
    await runProgram(({ nspawn, hcloud }) => {
      const noted: pulumi.ResourceTransformation = ({ type, opts }) => {
        if ((opts as pulumi.CustomResourceOptions).deletedWith !== undefined) gone.push(type.split(":").at(-1) ?? "");
        return undefined;
      };
      const options = { transformations: [noted] };
      const host = new nspawn.NspawnHost("host-1", args(hcloud), options);
      const network = new nspawn.BridgeNetwork("br0", { host }, options);
      const four = new nspawn.FloatingIp("four", { host, type: "ipv4" }, options);
      const image = nspawn.image.debootstrap({ suite: "trixie" });
      new nspawn.NspawnMachine("web", { host, networks: [{ network, addresses: [four] }], image }, options);
    });
    return gone.sort();
  }

  test("goes with one that the host made, and is taken back from one that may stay", async () => {
    const given = (hcloud: Modules["hcloud"]) => ({
      server: new hcloud.Server("given", server),
      ssh: { hostKey: "ssh-ed25519 AAAA" },
    });
    expect(await goneWith(() => ({ server }))).toEqual(["BridgeNetwork", "FloatingIp", "NspawnHost", "NspawnMachine"]);
    expect(await goneWith(() => ({ server, shared: true }))).toEqual([]);
    expect(await goneWith(given)).toEqual([]);
  });
});

describe("user data", () => {
  const userDataOf = async (userData: string): Promise<string> => {
    const registered = await runProgram(({ nspawn }) => {
      new nspawn.NspawnHost("host-1", { server: { ...server, userData } });
    });
    return withoutSecrets(inputsOf(registered, "hcloud:index/server:Server").userData) as string;
  };

  test.each([
    ["#cloud-config\npackages: [htop]", "text/cloud-config"],
    ["#!/bin/sh\necho hello", "text/x-shellscript"],
    ["#cloud-boothook\necho hello", "text/cloud-boothook"],
    ["#include\nhttps://example.org/more", "text/x-include-url"],
  ])("of a program goes along with ours (%j)", async (own, type) => {
    const text = await userDataOf(own);
    const boundary = /^Content-Type: multipart\/mixed; boundary="(=[0-9a-f]{32})"\n/.exec(text)?.[1] ?? "";
    const parts = text.split(`--${boundary}`);
    expect(parts).toHaveLength(4);
    expect(parts[1]).toContain(`Content-Type: ${type};`);
    expect(parts[1]).toContain(own);
    expect(parts[2]).toContain("boot-private-canary");
    expect(parts[3]).toBe("--\n");
    expect(await userDataOf(own)).toBe(text);
  });
});

describe("a floating address", () => {
  test("of IPv6 is a network: its own address, one by name, one by suffix", async () => {
    const registered = await runProgram(async ({ nspawn }) => {
      const host = new nspawn.NspawnHost("host-1", { server });
      const ip = new nspawn.FloatingIp("web", { type: "ipv6", host });
      expect(await valueOf(ip.address)).toBe("2001:db8:f::1");
      expect(await valueOf(ip.network)).toBe("2001:db8:f::/64");
      expect(await valueOf(ip.addressFor("::5"))).toBe("2001:db8:f::5");
      expect(await valueOf(ip.addressFor(6))).toBe("2001:db8:f::6");
      expect(await valueOf(ip.addressFor("web"))).toMatch(/^2001:db8:f:0?:[0-9a-f:]+$/);
    });
    const inputs = inputsOf(registered, dynamic("FloatingIp"));
    expect(inputs).toMatchObject({ type: "ipv6", address: "2001:db8:f::1", network: "2001:db8:f::/64" });
  });

  test("that exists already is looked up, not made; its reverse DNS is ours", async () => {
    const registered = await runProgram(async ({ nspawn }) => {
      const host = new nspawn.NspawnHost("host-1", { server });
      const ip = new nspawn.FloatingIp("web", { type: "ipv4", host, existing: 77, dnsPtr: "web.example.org" });
      expect(await valueOf(ip.address)).toBe("198.51.100.99");
      expect(await valueOf(ip.network)).toBe("198.51.100.99/32");
    });
    expect(registered.some(({ type }) => type === "hcloud:index/floatingIp:FloatingIp")).toBe(false);
    expect(inputsOf(registered, "hcloud:index/rdns:Rdns")).toEqual({
      floatingIpId: 77,
      ipAddress: "198.51.100.99",
      dnsPtr: "web.example.org",
    });
    expect(inputsOf(registered, "hcloud:index/floatingIpAssignment:FloatingIpAssignment").floatingIpId).toBe(77);
  });

  test("keeps its owner when it moves, so the move is an update in place", async () => {
    const on = (place: "a" | "b") =>
      runProgram(({ nspawn }) => {
        const hosts = {
          a: new nspawn.NspawnHost("a", { server }),
          b: new nspawn.NspawnHost("b", { server }),
        };
        new nspawn.FloatingIp("web", { type: "ipv4", host: hosts[place] });
      });
    const before = inputsOf(await on("a"), dynamic("FloatingIp"));
    const after = inputsOf(await on("b"), dynamic("FloatingIp"));
    expect(after.owner).toBe(before.owner);
    expect(after.ownUrn).toBe(before.ownUrn);
    expect([before.host.id, after.host.id]).toEqual(["shop/test/host/a", "shop/test/host/b"]);
  });

  test("is kept, and answered for nowhere, without a host", async () => {
    const registered = await runProgram(({ nspawn }) => {
      new nspawn.FloatingIp("spare", { type: "ipv4", homeLocation: "fsn1", labels: { use: "spare" } });
    });
    expect(registered.map(({ type }) => type).filter((type) => type.includes("FloatingIp"))).toEqual([
      "nspawn:index:FloatingIp",
      "hcloud:index/floatingIp:FloatingIp",
    ]);
    expect(inputsOf(registered, "hcloud:index/floatingIp:FloatingIp")).toMatchObject({ labels: { use: "spare" } });
  });
});

describe("a machine", () => {
  test("answers for addresses that are no floating address itself, and knows which are on another host", async () => {
    const registered = await runProgram(({ nspawn }) => {
      const host = new nspawn.NspawnHost("host-1", { server });
      const network = new nspawn.BridgeNetwork("br0", { host });
      const elsewhere = new nspawn.NspawnHost("host-2", { server });
      const ip6 = new nspawn.FloatingIp("six", { type: "ipv6", host: elsewhere });
      new nspawn.NspawnMachine("web", {
        host,
        networks: [{ network, addresses: [network.ipv6For("web"), ip6.addressFor("::9"), "192.0.2.44"] }],
        image: nspawn.image.debootstrap({ suite: "bookworm" }),
      });
    });
    const [network] = inputsOf(registered, dynamic("NspawnMachine")).networks;
    expect(network.addresses).toEqual([
      { address: expect.stringMatching(/^2001:db8:1:/) as string, proxied: true },
      { address: "2001:db8:f::9", host: "shop/test/host/host-2", proxied: true },
      { address: "192.0.2.44", proxied: true },
    ]);
  });

  test("keeps its root password secret, given as a secret or not", async () => {
    for (const given of ["plain", "secret"]) {
      const registered = await runProgram(({ nspawn, pulumi }) => {
        const host = new nspawn.NspawnHost("home", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" } });
        const rootPassword = given === "secret" ? pulumi.secret("pw-canary") : "pw-canary";
        new nspawn.NspawnMachine("web", {
          host,
          networks: [],
          image: nspawn.image.debootstrap({ suite: "bookworm" }),
          rootPassword,
        });
      });
      const { rootPassword, ...rest } = inputsOf(registered, dynamic("NspawnMachine"));
      expect(isSecret(rootPassword)).toBe(true);
      expect(withoutSecrets(rootPassword)).toBe("pw-canary");
      expect(JSON.stringify(rest)).not.toContain("pw-canary");
    }
  });

  test("passes the path of its root password where a secret is, so that what becomes of it is encrypted", async () => {
    const registered = await runProgram(({ nspawn }) => {
      const host = new nspawn.NspawnHost("home", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" } });
      const image = nspawn.image.debootstrap({ suite: "bookworm" });
      new nspawn.NspawnMachine("web", { host, networks: [], image, rootPasswordFile: "/run/secrets/web" });
    });
    const inputs = inputsOf(registered, dynamic("NspawnMachine"));
    expect(isSecret(inputs.rootPassword)).toBe(true);
    expect(withoutSecrets(inputs.rootPassword)).toEqual({ file: "/run/secrets/web" });
    expect(inputs).not.toHaveProperty("rootPasswordFile");
  });

  test("has no sshd unless somebody may log in", async () => {
    const registered = await runProgram(({ nspawn }) => {
      const host = new nspawn.NspawnHost("home", { ssh: { host: "203.0.113.9", hostKey: "ssh-ed25519 AAAA" } });
      const image = nspawn.image.debootstrap({ suite: "bookworm" });
      new nspawn.NspawnMachine("web", { host, networks: [], image });
    });
    expect(inputsOf(registered, dynamic("NspawnMachine")).image.packages).not.toContain("openssh-server");
  });
});
