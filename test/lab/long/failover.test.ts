import { join } from "node:path";
import { describeInLab } from "../available";
import { Lab, root } from "../../support/harness";
import type { MachineSpec, Spec } from "../../support/spec";

jest.setTimeout(900_000);

const machine = (host: string): MachineSpec => ({
  host,
  bridge: `br-${host}`,
  addresses: [{ ip: "web" }],
  login: false,
});

/** Two hosts, an address that may be on either, and a machine on each that has it. */
const spec = (failover: "external" | "pinned"): Spec => ({
  hosts: { a: { server: {}, packages: ["tcpdump"] }, b: { server: {}, packages: ["tcpdump"] } },
  bridges: { "br-a": { host: "a" }, "br-b": { host: "b" } },
  ips: {
    web: { type: "ipv4", host: "a", ...(failover === "external" ? { standby: ["b"], failover } : { failover }) },
  },
  machines: failover === "external" ? { one: machine("a"), two: machine("b") } : { one: machine("a") },
});

describeInLab("an address that another agent moves, with the real engine and plugin", () => {
  const lab = new Lab(`failover-${process.pid}`);
  const stack = lab.stack("failover");
  let address = "";
  let id = 0;
  const servers = new Map<string, number>();

  const pointsAt = async (): Promise<number> => {
    const { floating_ip: ip } = (await lab.api("GET", `/floating_ips/${id}`)) as { floating_ip: { server: number } };
    return ip.server;
  };
  const moveTo = (host: string): Promise<unknown> =>
    lab.api("POST", `/floating_ips/${id}/actions/assign`, { server: servers.get(host) });
  /** The MAC address of the machine that answers tells which one it is; asked where its packets come out. */
  const answers = async (): Promise<string> => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const { code } = await lab.exec("client", ["ping", "-n", "-c", "1", "-W", "2", address]);
      if (code !== 0) continue;
      for (const [host, name] of [
        ["a", "one"],
        ["b", "two"],
      ] as const) {
        const seen = `timeout 4 tcpdump -n -c 1 -i vb-${name} 'icmp and src host ${address}' 2>/dev/null & sleep 1; wait`;
        const [capture] = await Promise.all([
          lab.exec(host, ["sh", "-c", seen]),
          lab.exec("client", ["ping", "-n", "-c", "5", "-W", "2", address]),
        ]);
        if (capture.stdout.includes(address)) return name;
      }
    }
    return "nobody";
  };

  beforeAll(async () => {
    await lab.up();
    await stack.init();
    await stack.up(spec("external"));
    const { floating_ips: ips } = (await lab.api("GET", "/floating_ips")) as {
      floating_ips: { id: number; ip: string }[];
    };
    ({ id, ip: address } = ips[0]!);
    const { servers: all } = (await lab.api("GET", "/servers")) as { servers: { id: number; name: string }[] };
    for (const { id: server, name } of all) servers.set(name, server);
  });

  afterAll(() => lab.down());

  const unchanged = async (): Promise<void> => {
    const { code, output } = await stack.pulumi("preview", "--expect-no-changes");
    expect(`${code} ${code === 0 ? "" : output}`).toBe("0 ");
  };

  it("points at its host at first, and the other host is prepared", async () => {
    expect(await pointsAt()).toBe(servers.get("a"));
    expect(await answers()).toBe("one");
    const own = address.replaceAll(".", "\\.");
    expect(await lab.sh("b", "ip -4 neigh show proxy; ip -4 route")).toMatch(
      new RegExp(`${own} dev eth0 +proxy[^]*${own} via inet6 fe80::[0-9a-f:]+ dev br0`),
    );
  });

  it("stays where the agent put it, over refresh, up and preview", async () => {
    await moveTo("b");
    expect(await answers()).toBe("two");
    for (const step of [
      ["refresh", "--yes", "--skip-preview"],
      ["up", "--yes", "--skip-preview"],
      ["up", "--refresh", "--yes", "--skip-preview"],
    ]) {
      const { code, output } = await stack.pulumi(...step);
      expect(`${code} ${code === 0 ? "" : output}`).toBe("0 ");
      expect(await pointsAt()).toBe(servers.get("b"));
      await unchanged();
    }
    expect(await answers()).toBe("two");
    await moveTo("a");
    expect((await stack.drift()).code).toBe(0);
    expect(await answers()).toBe("one");
  });

  it("is given to its host again when it points nowhere", async () => {
    await lab.api("POST", `/floating_ips/${id}/actions/unassign`, {});
    const { code, output } = await stack.pulumi("up", "--refresh", "--yes", "--skip-preview");
    expect(`${code} ${code === 0 ? "" : output}`).toBe("0 ");
    expect(await pointsAt()).toBe(servers.get("a"));
  });

  it("is moved by the watcher of examples/failover when the other side is silent, and not before", async () => {
    const { HCLOUD_ENDPOINT: api, HCLOUD_TOKEN: token } = await lab.env();
    const { servers: all } = (await lab.api("GET", "/servers")) as {
      servers: { name: string; public_net: { ipv4: { ip: string } } }[];
    };
    const url = (name: string): string =>
      `http://${all.find((server) => server.name === name)?.public_net.ipv4.ip}:8000/`;
    const serve = (host: string): Promise<unknown> =>
      lab.sh(host, "systemd-run --quiet --unit=web-for-a-test python3 -m http.server -d /run/systemd 8000");
    await Promise.all([serve("a"), serve("b")]);
    await lab.sh(
      "operator",
      `until curl -fso /dev/null ${url("a")} && curl -fso /dev/null ${url("b")}; do sleep 0.2; done`,
    );
    const watch = join(root, "examples", "failover", "watch.sh");
    const environment = `API=${api} ADDRESS_ID=${id} SERVER_ID=${servers.get("b")} OWN=${url("b")} PEER=${url("a")}`;
    const script = `d=$(mktemp -d); chmod 0700 $d; cat >$d/token; CREDENTIALS_DIRECTORY=$d ${environment} EVERY=0.5 timeout 15 sh ${watch}; rm -r $d`;
    const watched = (): Promise<{ output: string }> => lab.exec("operator", ["sh", "-c", script], token);
    expect((await watched()).output).toBe("");
    expect(await pointsAt()).toBe(servers.get("a"));
    await lab.sh("a", "systemctl stop web-for-a-test");
    expect((await watched()).output).toContain(`taking the address from server ${servers.get("a")}`);
    expect(await pointsAt()).toBe(servers.get("b"));
    await unchanged();
  });

  it("is brought back once the program pins it", async () => {
    await moveTo("b");
    await stack.up(spec("pinned"), "--refresh");
    expect(await pointsAt()).toBe(servers.get("a"));
    expect(await answers()).toBe("one");
    expect(await lab.sh("b", "ip -4 neigh show proxy")).not.toContain(address);
    await moveTo("b");
    expect((await stack.drift()).code).not.toBe(0);
    await stack.up(spec("pinned"), "--refresh");
    expect(await pointsAt()).toBe(servers.get("a"));
  });

  it("leaves nothing", async () => {
    await stack.destroy();
    expect(await lab.api("GET", "/floating_ips")).toMatchObject({ floating_ips: [] });
  });
});
