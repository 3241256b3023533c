import type { Properties } from "../../support/driver";
import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { TwoHosts } from "../two-hosts";

jest.setTimeout(600_000);

/** Files of the host's own configuration that were changed since the host read them. */
const changes: Record<string, [change: string, back: string, named: RegExp][]> = {
  "debian-12": [
    [
      "cp -a /etc/network /root/network; sed -i '/eth0/d' /etc/network/interfaces /etc/network/interfaces.d/*",
      "rm -r /etc/network; mv /root/network /etc/network",
      /eth0 was brought up by ifupdown, and no auto or allow-hotplug line/,
    ],
  ],
  "debian-12-static": [
    [
      "cp -a /etc/network /root/network; sed -i -E '/inet static/,/^$/ s/address .*/address 192.0.2.77\\/32/' /etc/network/interfaces /etc/network/interfaces.d/*",
      "rm -r /etc/network; mv /root/network /etc/network",
      /gives eth0 the address 192\.0\.2\.77, which it does not have/,
    ],
  ],
  "debian-13-netplan": [
    [
      "mv /etc/netplan/50-cloud-init.yaml /root/",
      "mv /root/50-cloud-init.yaml /etc/netplan/; systemctl daemon-reload",
      /no file in \/etc\/netplan makes \/run\/systemd\/network\/10-netplan-\S+\.network any more|10-netplan-eth0.network, which is gone/,
    ],
    [
      "cp -a /etc/netplan/50-cloud-init.yaml /root/; sed -i 's/dhcp4: true/dhcp4: false/' /etc/netplan/50-cloud-init.yaml",
      "mv /root/50-cloud-init.yaml /etc/netplan/",
      /the files in \/etc\/netplan make another 10-netplan-\S+\.network/,
    ],
    [
      "echo 'network: [' >/etc/netplan/60-broken.yaml; chmod 600 /etc/netplan/60-broken.yaml",
      "rm /etc/netplan/60-broken.yaml",
      /netplan refuses the files in \/etc\/netplan/,
    ],
  ],
};

for (const [image, cases] of Object.entries(changes))
  describeInLab(`the next boot of ${image}`, () => {
    const lab = new Lab(`next-boot-${image}`);
    const hosts = new TwoHosts(lab, ["one"], image);
    const host = (): Properties => ({
      ...hosts.common("host", "one", "one"),
      ...{ packages: [], sysctls: {}, resolved: false, adopt: false },
    });
    const manifest = (): Promise<string> =>
      lab.sh(
        "one",
        "find /etc -xdev -printf '%p %y %m %U:%G %l\\n' | sort; ip route; ip -6 route | sed 's/ expires .*//'",
      );

    beforeAll(() => hosts.start());
    afterAll(() => lab.down());

    it.each(cases)("is a reason to refuse, before anything is changed: %s", async (change, back, named) => {
      await lab.sh("one", change);
      const before = await manifest();
      const { error } = await hosts.up("nspawnHost", "host", host());
      expect(error?.message).toMatch(named);
      expect(error?.message).toContain("NSPAWN_NEXT_BOOT");
      expect(await manifest()).toBe(before);
      await lab.sh("one", back);
    });

    it("is none when the files are those that the host goes by", async () => {
      expect((await hosts.up("nspawnHost", "host", host())).error).toBeUndefined();
      await hosts.remove("nspawnHost", "host");
    });
  });
