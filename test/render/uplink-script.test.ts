import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dhclientHook, ifUpHook, proxiesDirectory, runtimeDirectory } from "../../provider/model/paths";
import { uplinkHooks } from "../../provider/render/uplink-hooks";
import { uplinkScript } from "../../provider/render/uplink-script";

const hasShellcheck = spawnSync("shellcheck", ["--version"]).status === 0;
const hasNamespaces = process.getuid?.() === 0 && spawnSync("unshare", ["-n", "ip", "link"]).status === 0;

function scripts(): [string, string][] {
  const hooks = uplinkHooks();
  return [
    ["uplink", uplinkScript(undefined)],
    ["uplink by name", uplinkScript("ens3")],
    ["if-up", hooks[ifUpHook]!],
    ["dhclient", `#!/bin/sh\n${hooks[dhclientHook]}`],
  ];
}

(hasShellcheck ? describe : describe.skip)("the scripts (with shellcheck)", () => {
  test.each(scripts())("%s has no finding", (_name, script) => {
    const found = spawnSync("shellcheck", ["-s", "sh", "-"], { input: script, encoding: "utf8" });
    expect(found.stdout).toBe("");
    expect(found.status).toBe(0);
  });
});

describe("the scripts", () => {
  test.each(scripts())("%s is valid for dash", (_name, script) => {
    expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  it("the dhclient hook leaves a good status behind and no variable, without a reason too", () => {
    const hook = uplinkHooks()[dhclientHook]!.replace("/etc/pulumi-nspawn/uplink", "false");
    const run = spawnSync(
      "sh",
      ["-euc", `reason=BOUND; ${hook}\necho $?; unset reason; ${hook}\necho $?; set | grep -c uplink || :`],
      {
        encoding: "utf8",
      },
    );
    expect(run.stdout).toBe("0\n0\n0\n");
  });
});

/** Runs the uplink script between shell lines, in a network namespace with a veth pair as uplink. */
class Namespace {
  readonly directory = mkdtempSync(join(tmpdir(), "uplink-"));
  private readonly lines: string[] = ["set -e", "ip link set lo up"];

  constructor(readonly uplink?: string) {
    mkdirSync(join(this.directory, "lists"));
    const script = uplinkScript(uplink)
      .replaceAll(proxiesDirectory, `${this.directory}/lists`)
      .replaceAll(runtimeDirectory, `${this.directory}/state`);
    writeFileSync(join(this.directory, "uplink"), script, { mode: 0o755 });
    for (const link of ["eth0", "eth1"])
      this.sh(
        `ip link add ${link} type veth peer name peer-${link}; ip link set ${link} up; ip link set peer-${link} up`,
      );
  }

  sh(...lines: string[]): this {
    this.lines.push(...lines);
    return this;
  }

  list(name: string, text: string): this {
    return this.sh(`cat >${this.directory}/lists/${name} <<'END'\n${text}END`);
  }

  runs(): this {
    return this.sh(`${this.directory}/uplink`);
  }

  proxies(title: string): this {
    return this.sh(
      `echo "${title}: $( (ip neigh show proxy; ip -6 neigh show proxy) | sed 's/ *proxy *$//' | sort -u | tr '\\n' ';')"`,
    );
  }

  output(): string[] {
    const run = spawnSync("unshare", ["-n", "sh"], { input: this.lines.join("\n"), encoding: "utf8" });
    rmSync(this.directory, { recursive: true });
    if (run.status !== 0) throw new Error(`status ${run.status}: ${run.stdout}${run.stderr}`);
    return run.stdout.trim().split("\n");
  }
}

(hasNamespaces ? describe : describe.skip)("the uplink script in a network namespace (needs root)", () => {
  const withRoute = (space: Namespace): Namespace =>
    space.sh(
      "ip addr add 203.0.113.2/32 dev eth0",
      "ip route add 172.31.1.1 dev eth0",
      "ip route add default via 172.31.1.1 dev eth0",
    );

  it("answers for the listed addresses of both families on the interface of the default route", () => {
    const space = withRoute(new Namespace())
      .list("floating-a.conf", "# comment\n198.51.100.7\n\n2001:db8:f::1\n")
      .list("machine-b.conf", "2001:db8:1::7\n")
      .list("ignored.txt", "198.51.100.99\n")
      .runs()
      .proxies("set");
    expect(space.output()).toEqual(["set: 198.51.100.7 dev eth0;2001:db8:1::7 dev eth0;2001:db8:f::1 dev eth0;"]);
  });

  it("removes what it set and is no longer listed, and no foreign entry", () => {
    const space = withRoute(new Namespace())
      .sh("ip neigh add proxy 198.51.100.200 dev eth0")
      .list("a.conf", "198.51.100.7\n198.51.100.8\n")
      .runs()
      .list("a.conf", "198.51.100.8\n")
      .runs()
      .proxies("after");
    expect(space.output()).toEqual(["after: 198.51.100.200 dev eth0;198.51.100.8 dev eth0;"]);
  });

  it("changes nothing when it runs again, and restores what a link going down took away", () => {
    const space = withRoute(new Namespace())
      .list("a.conf", "198.51.100.7\n2001:db8:f::1\n")
      .runs()
      .runs()
      .proxies("again")
      .sh("ip link set eth0 down", "ip link set eth0 up")
      .proxies("down")
      .sh("ip route add 172.31.1.1 dev eth0", "ip route add default via 172.31.1.1 dev eth0")
      .runs()
      .proxies("up");
    const both = "198.51.100.7 dev eth0;2001:db8:f::1 dev eth0;";
    expect(space.output()).toEqual([`again: ${both}`, "down: ", `up: ${both}`]);
  });

  it("follows the default route to another interface, and prefers IPv4's", () => {
    const space = withRoute(new Namespace())
      .list("a.conf", "198.51.100.7\n")
      .sh("ip -6 route add default via fe80::1 dev eth1")
      .runs()
      .proxies("ipv4")
      .sh("ip route del default")
      .runs()
      .proxies("ipv6");
    expect(space.output()).toEqual(["ipv4: 198.51.100.7 dev eth0;", "ipv6: 198.51.100.7 dev eth1;"]);
  });

  it("takes the named interface, and no proxy delay on it", () => {
    const delay = "cat /proc/sys/net/ipv4/neigh/eth1/proxy_delay /proc/sys/net/ipv6/neigh/eth1/proxy_delay";
    const space = withRoute(new Namespace("eth1"))
      .list("a.conf", "198.51.100.7\n")
      .sh(delay)
      .runs()
      .sh(delay)
      .proxies("named");
    expect(space.output()).toEqual(["80", "80", "0", "0", "named: 198.51.100.7 dev eth1;"]);
  });

  it("lets an uplink that accepts RAs go on accepting them, and leaves another alone", () => {
    const show = "cat /proc/sys/net/ipv6/conf/eth0/accept_ra";
    const space = withRoute(new Namespace()).sh("echo 1 >/proc/sys/net/ipv6/conf/eth0/accept_ra").runs().sh(show);
    expect(space.sh("echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_ra").runs().sh(show).output()).toEqual(["2", "0"]);
  });

  it("is quiet and good before there is an uplink, and without any list", () => {
    expect(new Namespace().runs().sh("echo done").output()).toEqual(["done"]);
    expect(withRoute(new Namespace()).runs().proxies("none").output()).toEqual(["none:"]);
  });

  it("sets the others when one line is no address, and then says so by its status", () => {
    const space = withRoute(new Namespace()).list("a.conf", "198.51.100.7\n1.2.3.4.5\nfe80::1%x\n; rm -rf /\n");
    const output = space
      .sh(`if ${space.directory}/uplink 2>/dev/null; then echo good; else echo bad; fi`)
      .proxies("set")
      .output();
    expect(output[0]).toBe("bad");
    expect(output[1]).toBe("set: 198.51.100.7 dev eth0;");
  });

  it("survives runs at the same time", () => {
    const many = Array.from({ length: 50 }, (_, index) => `198.51.100.${index + 1}\n`).join("");
    const space = withRoute(new Namespace()).list("a.conf", many);
    space.sh("for i in 1 2 3 4 5 6; do ", `${space.directory}/uplink &`, "done; wait", "ip neigh show proxy | wc -l");
    expect(space.output()).toEqual(["50"]);
  });
});
