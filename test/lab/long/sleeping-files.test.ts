import type { Properties } from "../../support/driver";
import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { TwoHosts } from "../two-hosts";

jest.setTimeout(600_000);

/** A host whose links are ifupdown's, with files of networkd from another time. */
describeInLab("files of networkd that sleep", () => {
  const lab = new Lab("sleeping-files");
  const hosts = new TwoHosts(lab, ["one"]);
  const folder = "/etc/systemd/network";
  const dropIn = (file: string): string => `${folder}/${file}.d/60-pulumi-nspawn-asleep.conf`;
  const files: Record<string, string> = {
    "20-eth0.network": "[Match]\nName=eth0\n[Network]\nAddress=192.168.77.10/24\nGateway=192.168.77.1\n",
    "05-wired.network": "[Match]\nType=ether\n[Network]\nAddress=2001:db8:77::10/64\nGateway=2001:db8:77::1\nLinkLocalAddressing=no\n",
  }; // prettier-ignore
  const host = (): Properties => ({
    ...hosts.common("host", "one", "one"),
    ...{ packages: [], sysctls: {}, resolved: false, adopt: false },
  });
  const routes = (): Promise<string> =>
    lab.sh("one", "for f in 4 6; do ip -$f route show default | sed 's/ expires [0-9]*sec//; s/ *$//' | sort; done");
  const addresses = (): Promise<string> => lab.sh("one", "ip -o addr show eth0 | awk '{ print $3, $4 }' | sort");
  const units = (): Promise<string> =>
    lab.sh("one", "systemctl show -p Id -p UnitFileState -p ActiveState systemd-networkd.service systemd-networkd.socket systemd-network-generator.service systemd-networkd-wait-online.service"); // prettier-ignore
  let before: string[];

  beforeAll(async () => {
    await hosts.start();
    for (const [name, text] of Object.entries(files)) await lab.sh("one", `printf '%s' '${text}' >${folder}/${name}`);
    before = [await routes(), await addresses(), await units()];
  });
  afterAll(() => lab.down());

  it("stay asleep when networkd is enabled, in both families, and up names them", async () => {
    expect((await hosts.up("nspawnHost", "host", host())).error).toBeUndefined();
    expect([await routes(), await addresses()]).toEqual(before.slice(0, 2));
    for (const name of Object.keys(files)) {
      expect(await lab.sh("one", `cat ${dropIn(name)}`)).toContain("[Link]\nUnmanaged=yes\n");
      expect(await lab.sh("one", `cat ${folder}/${name}`)).toBe(files[name]);
    }
  });

  it("stay asleep after a reboot", async () => {
    const boot = (): Promise<string> => lab.sh("one", "cat /proc/sys/kernel/random/boot_id").catch(() => "");
    const first = await boot();
    await lab.exec("one", ["systemctl", "reboot"]);
    const deadline = Date.now() + 90_000;
    while ([first, ""].includes(await boot()) && Date.now() < deadline) await new Promise((r) => setTimeout(r, 500));
    const { ipv4 } = hosts.host("one");
    await lab.sh("operator", `until ssh-keyscan -T 2 ${ipv4} 2>/dev/null | grep -q ed25519; do sleep 0.3; done`);
    await lab.sh("one", "systemctl is-system-running --wait >/dev/null || :");
    expect(await lab.sh("one", "systemctl is-failed networking.service || :")).toBe("active\n");
    expect([await routes(), await addresses()]).toEqual(before.slice(0, 2));
  });

  it("also one that comes later, when the host is changed", async () => {
    await lab.sh(
      "one",
      `printf '[Match]\\nName=eth*\\n[Network]\\nAddress=192.168.78.10/24\\n' >${folder}/00-late.network`,
    );
    expect(
      (await hosts.up("nspawnHost", "host", { ...host(), sysctls: { "net.ipv4.ip_forward": "1" } })).error,
    ).toBeUndefined();
    await lab.sh("one", "networkctl reload; sleep 1");
    expect([await routes(), await addresses()]).toEqual(before.slice(0, 2));
    await lab.sh("one", `rm ${folder}/00-late.network`);
    expect((await hosts.up("nspawnHost", "host", { ...host(), sysctls: {} })).error).toBeUndefined();
    expect(await lab.sh("one", `ls -d ${folder}/00-late.network.d 2>&1 || :`)).toContain("No such file");
  });

  it("are as they were after the host is removed, and networkd too", async () => {
    await hosts.remove("nspawnHost", "host");
    expect([await routes(), await addresses(), await units()]).toEqual(before);
    expect((await lab.sh("one", `ls ${folder} | sort`)).trim().split("\n")).toEqual(Object.keys(files).sort());
  });

  it("of links that networkd would make are refused by name, before anything is changed", async () => {
    await lab.sh("one", `printf '[NetDev]\\nName=br-lan\\nKind=bridge\\n' >${folder}/10-lan.netdev`);
    const { error } = await hosts.up("nspawnHost", "host", host());
    expect(error?.message).toContain(`${folder}/10-lan.netdev`);
    expect(error?.message).toContain("NSPAWN_INVALID_INPUT");
    expect([await routes(), await addresses(), await units()]).toEqual(before);
  });
});
