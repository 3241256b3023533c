import { describeInLab } from "../available";
import { debian } from "../../support/debian";
import { Lab } from "../../support/harness";
import { Reader } from "../readers";
import type { MachineSpec, Spec } from "../../support/spec";

const minutes = 60_000;

/** The bridges of the third how-to, S3.14. */
const names = ["mgmt", "vlan", "vxlan", "storage", "flat"];

const host: Spec = {
  hosts: { one: { server: {} } },
  bridges: {
    "br-container": {
      ...{ host: "one", bridge: "br-container", mode: "nat", ipv4: { network: "10.0.3.0/24" } },
      dhcpServer: { poolOffset: 25, poolSize: 100, emitDns: true, emitNtp: true, emitTimezone: true },
    },
  },
};

const machine = (name: string, attach?: "macvlan"): MachineSpec => ({
  ...{ host: "one", bridge: "br-container" },
  also: names.map((bridge) => ({ bridge, attach, addresses: [{ ipv6For: name }] })),
});

const spec: Spec = {
  ...host,
  several: {
    ...{ host: "one", names },
    args: { isolation: "none", macvlan: true, each: { storage: { mtu: 9000 }, flat: { adopt: true } } },
  },
  machines: {
    infra1: machine("infra1"),
    infra2: machine("infra2", "macvlan"),
    // On macvlans alone.
    infra3: {
      ...{ host: "one", bridge: "mgmt", attach: "macvlan", addresses: [{ ipv6For: "infra3" }] },
      also: [{ bridge: "storage", attach: "macvlan", addresses: [{ ipv6For: "infra3" }] }],
    },
  },
};

/** The host's links of S3.15, by networkctl. */
const links = names.flatMap((name) => [`br-${name}`, `mv-${name}`, `mv-${name}-v1`, `mv-${name}-v2`]);
const files = ["mv-mgmt.netdev", "mv-mgmt.network", "mv-mgmt-v1.netdev", "mv-mgmt-v1.network", "mv-mgmt-v2.network"];
const pathOf = (file: string): string => `/etc/systemd/network/10-${file}`;

describeInLab("the bridges of OpenStack-Ansible", () => {
  const lab = new Lab("e2e-mesh");
  const stack = lab.stack("mesh");
  let before = "";

  const sh = (text: string): Promise<string> => lab.sh("one", text);
  const inside = (on: string, text: string): Promise<string> =>
    sh(`exec nsenter -t $(machinectl show ${on} -p Leader --value) -n sh -c '${text}'`);
  /** What the host has of links and of files of networkd, without what comes and goes with machines. */
  const hostState = (): Promise<string> =>
    sh("ls -R /etc/systemd/network; ip -o link | awk '{ print $2 }' | sed 's/[@:].*//' | grep -v '^v[be]-' | sort");
  const addressOf = async (on: string, link: string): Promise<string> => {
    const shown = await inside(on, `ip -6 -o addr show dev ${link} scope global`);
    return / inet6 ([^/]+)\/64 /.exec(shown)?.[1] ?? `${on} has no address on ${link}`;
  };
  const reaches = async (from: string, on: string, link: string): Promise<void> => {
    const address = await addressOf(on, link);
    const said = await inside(from, `ping -6 -n -c1 -W2 ${address} || ping -6 -n -c3 -W2 ${address} || :`);
    expect([from, on, link, said]).toEqual([from, on, link, expect.stringMatching(/ [123] received/)]);
  };
  const configured = async (): Promise<void> => {
    const listed = (await sh("networkctl list --no-legend --no-pager"))
      .split("\n")
      .map((line) => line.trim().split(/\s+/));
    const setup = new Map(listed.map(([, link, , , word]) => [link ?? "", word]));
    for (const link of [...links, "br-container"]) expect([link, setup.get(link)]).toEqual([link, "configured"]);
  };
  /** MAC addresses of the host's links, S3.02, and of the machines' macvlans. */
  const macs = async (): Promise<string> => {
    const own = `for link in ${links.join(" ")}; do echo $link $(cat /sys/class/net/$link/address); done`;
    const macvlans = await Promise.all(
      ["infra2", "infra3"].map((on) =>
        inside(on, 'ip -o link | sed -n "s/.*\\(mv-mv-[a-z]*\\).*link.ether \\([^ ]*\\).*/\\1 \\2/p"'),
      ),
    );
    return [await sh(own), ...macvlans].join("");
  };
  const works = async (): Promise<void> => {
    await configured();
    for (const name of names) {
      await reaches("infra1", "infra2", `mv-mv-${name}`);
      await reaches("infra2", "infra1", `br-${name}`);
    }
    // Two of one macvlan, and from a macvlan alone onto the bridge.
    for (const name of ["mgmt", "storage"]) {
      await reaches("infra2", "infra3", `mv-mv-${name}`);
      await reaches("infra3", "infra1", `br-${name}`);
    }
  };
  /** After starts, of which each takes a while. */
  const worksSoon = async (): Promise<void> => {
    for (let tries = 20; ; tries--) {
      try {
        return await works();
      } catch (error) {
        if (tries === 0) throw error;
        await new Promise((resolve) => setTimeout(resolve, 3000));
      }
    }
  };
  const noDrift = async (): Promise<void> => {
    const { output, code } = await stack.drift();
    expect(code === 0 ? "" : output).toBe("");
  };

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(host);
    before = await hostState();
    // One of the bridges is there already.
    await sh("ip link add br-flat type bridge && ip link set br-flat up");
    await stack.up(spec);
  }, 40 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "are configured, and machines on bridges and on macvlans reach each other on each",
    async () => {
      await works();
      await noDrift();
    },
    4 * minutes,
  );

  test(
    "give machines the names of interfaces that the preview named, and their size",
    async () => {
      expect(await sh("cat /etc/systemd/nspawn/infra3.nspawn")).toMatch(/^MACVLAN=mv-mgmt\nMACVLAN=mv-storage$/m);
      expect(await inside("infra3", "ip -o link show dev mv-mv-storage")).toMatch(/ mtu 9000 /);
      expect(await inside("infra2", "ip -o link show dev mv-mv-mgmt")).toMatch(/ mtu 1500 /);
    },
    2 * minutes,
  );

  test(
    "are in order for doctor",
    async () => {
      const { output, code } = await new Reader(lab).types("npx pulumi-nspawn doctor");
      expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
    },
    3 * minutes,
  );

  test(
    "are the same after restarts of networkd and of machines",
    async () => {
      const own = await macs();
      await sh("systemctl restart systemd-networkd");
      await works();
      for (let round = 0; round < 3; round++) await sh("systemctl restart systemd-nspawn@infra2 systemd-nspawn@infra3");
      await worksSoon();
      expect(await macs()).toBe(own);
    },
    6 * minutes,
  );

  test(
    "are found changed in each of their files, and repaired",
    async () => {
      await sh(files.map((file) => `echo '# by hand' >>${pathOf(file)}`).join("; "));
      const { output, code } = await stack.drift();
      expect(code).not.toBe(0);
      for (const file of files) expect(output).toContain(pathOf(file));
      await stack.up(spec, "--refresh");
      await works();
      await noDrift();
    },
    6 * minutes,
  );

  test.each([
    ["a port", "ip link set dev mv-mgmt-v1 down"],
    ["a pair, with all macvlans on it", "ip link delete dev mv-mgmt-v1"],
    ["a macvlan", "ip link delete dev mv-vlan"],
    ["the lower end of a pair", "ip link set dev mv-flat-v2 down"],
  ])(
    "have %s back that was taken away by hand",
    async (_, broken) => {
      await sh(broken);
      expect((await stack.drift()).code).not.toBe(0);
      await stack.up(spec, "--refresh");
      await worksSoon();
      await noDrift();
    },
    6 * minutes,
  );

  test(
    "are the same after the host's reboot",
    async () => {
      // networkd 252 leaves a bridge that was made by hand its MAC address; the one that it makes itself at boot has its own.
      const stable = async () => (debian.version === "12" ? (await macs()).replace(/^br-flat .*\n/m, "") : macs());
      const own = await stable();
      await lab.exec("one", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      await worksSoon();
      expect(await stable()).toBe(own);
      await noDrift();
    },
    6 * minutes,
  );

  test(
    "leave the host as it was, but for machines that others have on them",
    async () => {
      await sh("printf '[Network]\\nMACVLAN=mv-vxlan\\n' >/etc/systemd/nspawn/foreign.nspawn");
      stack.declare(host);
      const refused = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(refused.output).toMatch(/br-vxlan is still used by foreign/);
      await sh("rm /etc/systemd/nspawn/foreign.nspawn");
      await stack.up(host);
      expect(await hostState()).toBe(before);
    },
    8 * minutes,
  );
});
