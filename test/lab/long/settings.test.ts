import { describeInLab } from "../available";
import type { Properties } from "../../support/driver";
import { Lab } from "../../support/harness";
import { OneHost } from "../one-host";

const minutes = 60_000;

/** What a host had before us: a file of settings, units enabled until the next boot, an address of somebody's. */
describeInLab("a host with settings of its own", () => {
  const lab = new Lab(`settings-${process.pid}`);
  const at = new OneHost(lab);
  const address = (): string => at.host("one").floating;
  const onHost = async (text: string): Promise<string> => (await lab.sh("one", text)).trim();
  const networkd = "systemctl is-enabled systemd-networkd.service systemd-networkd.socket || :";
  const links =
    "find /etc/systemd/system /run/systemd/system -maxdepth 2 -type l -name '*networkd*' -printf '%p %l\\n' | sort";
  const host = (): Properties => ({
    ...at.common("host", "host", "one"),
    ...{ packages: [], resolved: false, adopt: false },
    sysctls: { "net.core.somaxconn": "2048", "net.ipv4.vs.conntrack": "1" },
  });
  const machine = (isolation: "tenant" | "none", mtu?: number): Properties => {
    const args = at.machine("a", address());
    return { ...args, networks: (args.networks as object[]).map((one) => ({ ...one, isolation, mtu })) };
  };
  let before: string;

  beforeAll(async () => {
    await at.start();
    await lab.sh("one", "printf 'net.core.somaxconn = 9999\\n' >/etc/sysctl.d/50-web.conf");
    await lab.sh(
      "one",
      "systemctl disable -q systemd-networkd.service; systemctl enable -q --runtime systemd-networkd.service",
    );
    before = await onHost(`${networkd}; ${links}`);
    expect(before).toMatch(/^enabled-runtime\n/);
    await at.must("nspawnHost", "host", host());
    await at.must("bridgeNetwork", "bridge", at.bridge());
  }, 20 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  it("is prepared all the same, and a setting that its kernel lacks is a difference", async () => {
    expect(await onHost("cat /proc/sys/net/core/somaxconn; systemctl is-enabled systemd-networkd.service")).toBe(
      "2048\nenabled",
    );
    const held = at.state.get("host");
    const read = await at.call("", "nspawnHost", "read", held?.id, held?.outs);
    const { sysctls } = read?.value?.inputs.live as { sysctls: Record<string, string> };
    expect(sysctls).toMatchObject({ "net.core.somaxconn": "2048" });
    expect(Object.keys(sysctls)).not.toContain("net.ipv4.vs.conntrack");
  });

  it(
    "keeps an address that it holds, whatever its length",
    async () => {
      await lab.sh("one", `ip addr add ${address()}/26 dev eth0`);
      const { error } = await at.up("nspawnMachine", "a", machine("tenant"));
      expect(error?.message).toContain(`${address()} is an address of the host itself (${address()}/26 on eth0)`);
      expect(await onHost(`ip -o addr show dev eth0 to ${address()} | wc -l; ls /var/lib/machines`)).toBe("1");
      await lab.sh("one", `ip addr del ${address()}/26 dev eth0`);
    },
    10 * minutes,
  );

  it(
    "has a machine that answers as soon as up is done, also when its bridge protects it no more",
    async () => {
      const ping = (): Promise<string> => onHost(`ping -c 1 -W 2 ${address()} >/dev/null && echo answers`);
      await at.must("nspawnMachine", "a", machine("tenant"));
      expect(await ping()).toBe("answers");
      await at.must("bridgeNetwork", "bridge", at.bridge({ isolation: "none", mtu: 1400 }));
      await at.must("nspawnMachine", "a", machine("none", 1400));
      expect(await ping()).toBe("answers");
      const guest = "nsenter -t $(machinectl show a -p Leader --value) -n ip -o link show dev host0";
      const sizes = `cat /sys/class/net/br0/mtu /sys/class/net/vb-a/mtu; ${guest} | sed 's/.* mtu \\([0-9]*\\) .*/\\1/'`;
      expect(await onHost(sizes)).toBe("1400\n1400\n1400");
    },
    15 * minutes,
  );

  it(
    "is left as it was",
    async () => {
      await at.remove("nspawnMachine", "a");
      await at.remove("bridgeNetwork", "bridge");
      await at.remove("nspawnHost", "host");
      expect(await onHost(`${networkd}; ${links}`)).toBe(before);
    },
    10 * minutes,
  );
});
