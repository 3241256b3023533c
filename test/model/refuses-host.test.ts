import { generateKeyPairSync } from "node:crypto";
import { parseHost } from "../../provider/model/parse-host";
import { changed, problemsOf } from "../support/refusal";
import { hostArgs, hostKeyText } from "../support/sample";

const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const body = pem.split("\n")[1]!;
const base = hostArgs({
  uplink: "eth0",
  packages: ["tcpdump"],
  sysctls: { "net.core.somaxconn": "1024" },
  bootHostKey: hostKeyText,
  rotation: { privateKey: pem },
  credentials: { privateKey: pem, privateKeyPassword: "sesame" },
});

function refuses(path: (string | number)[], value: unknown, at: string, message: RegExp): void {
  const problems = problemsOf(parseHost(changed(base, path, value)));
  expect(problems).toEqual([{ path: at, message: expect.stringMatching(message) }]);
}

function accepts(path: (string | number)[], value: unknown): void {
  expect(parseHost(changed(base, path, value))).toMatchObject({ ok: true });
}

it("accepts them as they are", () => expect(parseHost(base)).toEqual({ ok: true, value: base }));

describe("how to reach a host", () => {
  const hosts = [
    "-oProxyCommand=id",
    "a b",
    "http://h",
    "h:22",
    "root@h",
    "",
    "a;id",
    "h\n",
    "010.0.0.1",
    "0x7f.1",
    "127.1",
    "[2001:db8::1]",
    "fe80::1%eth0",
    "a..b",
    "-a",
    "x".repeat(254),
  ];
  test.each(hosts)("the host %j is refused", (host) => {
    const [problem, ...others] = problemsOf(parseHost(changed(base, ["connection", "host"], host)));
    expect([problem!.path, others]).toEqual(["connection.host", []]);
  });

  it.each(["203.0.113.2", "2001:db8::2", "host-1.example.org", "localhost", "h"])("the host %j is accepted", (host) => {
    expect(parseHost(changed(base, ["connection", "host"], host)).ok).toBe(true);
  });

  test.each([0, -1, 65536, 22.5, NaN, Infinity, -Infinity, "22", "10", true, [22]])(
    "the port %p is refused",
    (port) => {
      refuses(["connection", "port"], port, "connection.port", /must be an integer from 1 to 65535/);
    },
  );

  test.each(["root;id", "", "-l", "a b", "Root", "$(id)", "a".repeat(33), "root\n"])(
    "the user %j is refused",
    (user) => {
      refuses(["connection", "user"], user, "connection.user", /must be a login name/);
    },
  );

  test.each(["root", "first.last", "Jane.Doe", "_svc", "a-b_c.d", "a".repeat(32)])(
    "the user %j is a login name",
    (user) => {
      accepts(["connection", "user"], user);
      accepts(["connection", "proxy"], { host: "jump", hostKeys: [hostKeyText], user });
    },
  );

  const damaged = hostKeyText.slice(0, -8);
  test.each<[unknown, RegExp]>([
    ["SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", /fingerprint, the whole key is needed/],
    [`${hostKeyText}\n${hostKeyText}`, /one key, on one line/],
    ["ssh-dss AAAAB3NzaC1kc3M=", /keys are of type ssh-ed25519/],
    [pem, /private key, the public one is needed/],
    ["ssh-ed25519 AAAA!", /must be one public key in OpenSSH's form/],
    ["ssh-ed25519", /must be one public key in OpenSSH's form/],
    [damaged, /not the base64 text|damaged/],
    [`ssh-rsa ${hostKeyText.split(" ")[1]}`, /damaged or of another type/],
    [`203.0.113.2 ${hostKeyText}`, /must be one public key/],
    ["", /must be one public key/],
    [7, /must be a text \(got 7\)/],
  ])("the host key %j is refused", (key, message) =>
    refuses(["connection", "hostKeys"], [key], "connection.hostKeys[0]", message),
  );

  it("a host key loses its comment, so that equal keys have equal texts", () => {
    const parsed = parseHost(changed(base, ["connection", "hostKeys"], [`  ${hostKeyText} root@host-1\n`]));
    expect(parsed).toMatchObject({ ok: true, value: { connection: { hostKeys: [hostKeyText] } } });
  });

  it("no host key at all is refused, unless whoever answers is trusted", () => {
    refuses(
      ["connection", "hostKeys"],
      [],
      "connection.hostKeys",
      /at least one public host key; or set acceptNewHostKey/,
    );
    refuses(["connection", "hostKeys"], undefined, "connection.hostKeys", /at least one public host key/);
    const trusting = changed(base, ["connection", "acceptNewHostKey"], true);
    expect(parseHost(changed(trusting, ["connection", "hostKeys"], [])).ok).toBe(true);
  });

  test.each<[(string | number)[], unknown, string, RegExp]>([
    [["connection"], undefined, "connection", /is required/],
    [["connection"], "root@h", "connection", /must be an object/],
    [["connection", "host"], undefined, "connection.host", /is required/],
    [["connection", "agentSocketPath"], "agent.sock", "connection.agentSocketPath", /absolute path/],
    [["connection", "agentSocketPath"], "~/agent", "connection.agentSocketPath", /absolute path/],
    [["connection", "perDialTimeout"], 0, "connection.perDialTimeout", /1 to 600/],
    [["connection", "dialErrorLimit"], -1, "connection.dialErrorLimit", /0 to 1000/],
    [["connection", "hostkey"], hostKeyText, "connection.hostkey", /did you mean "hostKeys"\?/],
    [
      ["connection", "proxy"],
      { host: "h;id", hostKeys: [hostKeyText] },
      "connection.proxy.host",
      /host name or an address/,
    ],
    [["connection", "proxy"], { host: "h", hostKeys: [] }, "connection.proxy.hostKeys", /at least one/],
    [["storage"], {}, "storage.type", /is required/],
    [["storage"], { type: "zfs" }, "storage.type", /must be "auto" or "btrfs" or "directory" \(got "zfs"\)/],
    [["storage"], { type: "btrfs", size: "40" }, "storage.size", /a number of M, G or T .* \(got "40"\)/],
    [["storage"], { type: "btrfs", size: "512M" }, "storage.size", /from 1G to 1024T/],
    [["storage"], { type: "btrfs", size: "2000T" }, "storage.size", /from 1G to 1024T/],
    [["storage"], { type: "btrfs", size: "1.5G" }, "storage.size", /a number of M, G or T/],
    [["storage"], { type: "directory", size: "40G" }, "storage.size", /is of the types "auto" and "btrfs"/],
    [["host", "id"], "", "host.id", /not be empty/],
    [["host", "id"], "a\tb", "host.id", /control character at 1/],
    [["host"], { id: "a" }, "host.instance", /is required/],
    [["owner"], "a\nb", "owner", /control character at 1/],
    [["ownUrn"], "a\nb", "ownUrn", /control character at 1/],
  ])("%j = %j is refused", refuses);

  it("proxies have an end", () => {
    const jump = (depth: number): object => ({
      host: "h",
      hostKeys: [hostKeyText],
      ...(depth > 0 && { proxy: jump(depth - 1) }),
    });
    expect(parseHost(changed(base, ["connection", "proxy"], jump(2))).ok).toBe(true);
    refuses(["connection", "proxy"], jump(3), "connection.proxy.proxy.proxy.proxy", /more than 3 jump hosts/);
  });
});

describe("secrets of a host", () => {
  const canary = "CANARY4711";
  test.each<[(string | number)[], unknown, string]>([
    [["credentials"], canary, "credentials.value"],
    [["credentials", "privateKey"], canary, "credentials.privateKey"],
    [["credentials", "privateKey"], `${pem}${canary}`, "credentials.privateKey"],
    [["credentials", "privateKey"], `~/.ssh/${canary}`, "credentials.privateKey"],
    [["credentials", "privateKey"], `ssh-ed25519 ${canary}`, "credentials.privateKey"],
    [["credentials", "privateKeyPassword"], `${canary}\n`, "credentials.privateKeyPassword"],
    [["credentials", "proxy"], canary, "credentials.proxy"],
    [["credentials", "proxy"], { privateKey: canary }, "credentials.proxy.privateKey"],
    [["credentials", "privatekey"], canary, "credentials.privatekey"],
    [["rotation"], canary, "rotation.value"],
    [["rotation", "privateKey"], canary, "rotation.privateKey"],
    [["rotatoin"], { privateKey: canary }, "rotatoin.value"],
    [["privateKey"], canary, "privateKey.value"],
  ])("%j is refused without its value", (path, value, at) => {
    const problems = problemsOf(parseHost(changed(base, path, value)));
    expect(problems.map((problem) => problem.path)).toEqual([at]);
    expect(JSON.stringify(problems)).not.toContain(canary);
    expect(JSON.stringify(problems)).not.toContain(body);
  });

  it("the boot key and the key that replaces it go together", () => {
    refuses(["rotation"], undefined, "rotation.value", /go together/);
    refuses(["bootHostKey"], undefined, "bootHostKey.value", /go together/);
  });

  it("a forgotten public half is told from a private key", () => {
    refuses(
      ["credentials", "privateKey"],
      hostKeyText,
      "credentials.privateKey",
      /public key, the private one is needed/,
    );
    refuses(
      ["credentials", "privateKey"],
      "~/.ssh/id_ed25519",
      "credentials.privateKey",
      /a path, the key itself is needed/,
    );
  });
});

describe("a host's own arguments", () => {
  test.each(["lo", "all", "default", "eth 0", "../../ipv4", "a".repeat(16), "", "-a", "eth0\n", "eth0:1", "'; id'"])(
    "the uplink %j is refused",
    (uplink) => {
      refuses(["uplink"], uplink, "uplink", /must be an interface name/);
    },
  );

  test.each<[string, unknown, string, RegExp]>([
    ["net.ipv4.ip_forward", "0", 'sysctls["net.ipv4.ip_forward"]', /library's own and stays 1/],
    ["net.ipv4.conf.all.proxy_arp", "1", 'sysctls["net.ipv4.conf.all.proxy_arp"]', /answered for one by one/],
    [
      "net.ipv4.conf.eth0.proxy_arp_pvlan",
      "1",
      'sysctls["net.ipv4.conf.eth0.proxy_arp_pvlan"]',
      /answered for one by one/,
    ],
    ["net.ipv4.conf.*.rp_filter", "1", 'sysctls["net.ipv4.conf.*.rp_filter"]', /without wildcards/],
    ["net", "1", "sysctls.net", /not the name of a kernel setting/],
    ["../../etc/x", "1", 'sysctls["../../etc/x"]', /not the name of a kernel setting/],
    ["net.x\nkernel.y", "1", 'sysctls["net.x?kernel.y"]', /not the name of a kernel setting/],
    ["__proto__", "1", "sysctls.__proto__", /not the name of a kernel setting/],
    ["net.core.somaxconn", "1\nnet.ipv4.ip_forward=0", 'sysctls["net.core.somaxconn"]', /control character at 1/],
    ["net.core.somaxconn", 1024, 'sysctls["net.core.somaxconn"]', /must be a text \(got 1024\)/],
    ["net.core.somaxconn", "", 'sysctls["net.core.somaxconn"]', /printable/],
    ["net.core.somaxconn", " 1", 'sysctls["net.core.somaxconn"]', /printable/],
  ])("the setting %j = %j is refused", (name, value, at, message) => refuses(["sysctls", name], value, at, message));

  it("numbers of a setting are separated by one space, as they are compared", () => {
    const parsed = parseHost(changed(base, ["sysctls"], { "net.ipv4.tcp_rmem": "4096\t131072  6291456" }));
    expect(parsed).toMatchObject({ ok: true, value: { sysctls: { "net.ipv4.tcp_rmem": "4096 131072 6291456" } } });
  });

  test.each<[(string | number)[], unknown, string, RegExp]>([
    [["sysctls"], [], "sysctls", /must be an object \(got a list\)/],
    [["packages"], "tcpdump", "packages", /must be a list/],
    [["packages"], ["a;id"], "packages[0]", /Debian package name/],
    [["packages"], Array.from({ length: 501 }, (_, index) => `p${index}`), "packages", /0 to 500 elements \(got 501\)/],
    [["resolved"], "yes", "resolved", /true or false/],
    [["adopt"], 0, "adopt", /true or false/],
    [["storages"], {}, "storages.value", /is not an argument; did you mean "storage"\?/],
    [["pakages"], [], "pakages.value", /did you mean "packages"\?/],
  ])("%j = %j is refused", refuses);

  it("packages are sorted, each once", () => {
    const parsed = parseHost(changed(base, ["packages"], ["vim", "curl", "vim"]));
    expect(parsed).toMatchObject({ ok: true, value: { packages: ["curl", "vim"] } });
  });
});
