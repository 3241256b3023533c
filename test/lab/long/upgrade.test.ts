import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { pingsWithin } from "../reach";
import type { Spec } from "../../support/spec";

const minutes = 60_000;

const spec = (hostname = "web"): Spec => ({
  release: { image: "debian-12", suite: "bookworm" },
  hosts: { "host-1": { server: { name: "host-1" } } },
  bridges: { br0: { host: "host-1" } },
  ips: { web: { type: "ipv4", host: "host-1", homeLocation: "fsn1" } },
  machines: {
    web: { host: "host-1", bridge: "br0", addresses: [{ ip: "web" }, { ipv6For: "web" }], hostname },
    other: { host: "host-1", bridge: "br0", addresses: [{ ipv6For: "other" }] },
  },
});

const apt = "DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Options::=--force-confold";

describeInLab("a host that goes from Debian 12 to 13 under its machines", () => {
  const lab = new Lab("e2e-upgrade");
  const stack = lab.stack("lab");
  const onHost = (text: string): Promise<string> => lab.sh("host-1", text);

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec());
  }, 25 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  async function answers(seconds: number): Promise<void> {
    const { web, other } = (await stack.outputs()).machines;
    for (const address of [web!.ipv4!, web!.ipv6!, other!.ipv6!])
      expect([address, (await pingsWithin(lab, address, seconds)) >= 0]).toEqual([address, true]);
  }

  const version = (): Promise<string> => onHost("systemctl --version | head -n 1");

  test(
    "has the packages of 13 to take",
    async () => {
      expect(await version()).toMatch(/^systemd 252 /);
      await onHost("find /etc/apt -name '*.list' -o -name '*.sources' | xargs sed -i 's/bookworm/trixie/g'");
      await onHost("apt-get -q update");
    },
    5 * minutes,
  );

  test(
    "takes the new systemd alone, and with it a libc that its ip(8) does not know: all answer, and a change says what is missing",
    async () => {
      await onHost(`${apt} install --no-install-recommends systemd systemd-container systemd-resolved`);
      await answers(30);
      stack.declare(spec("half"));
      const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(code).not.toBe(0);
      expect(output).toContain("upgrade iproute2 too (apt-get install iproute2)");
      await answers(30);
    },
    15 * minutes,
  );

  test.each([
    ["iproute2", "iproute2"],
    ["nftables", "nftables"],
    ["openssh", "openssh-server openssh-client"],
  ])(
    "takes the new %s alone: all answer, and a change goes through",
    async (name, packages) => {
      await onHost(`${apt} install --no-install-recommends ${packages}`);
      await answers(30);
      const shown = await stack.up(spec(`after-${name}`));
      expect(shown).not.toMatch(/replaced|error/);
      await answers(30);
    },
    15 * minutes,
  );

  test(
    "takes the rest: all answer, before a boot and after it",
    async () => {
      await onHost(`${apt} full-upgrade --no-install-recommends`);
      expect(await onHost("cat /etc/debian_version")).toMatch(/^13/);
      await answers(30);
      await lab.exec("host-1", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await answers(90);
      expect(await version()).toMatch(/^systemd 257 /);
    },
    25 * minutes,
  );

  test(
    "one up settles what differs by version",
    async () => {
      const shown = await stack.up(spec("settled"), "--refresh");
      expect(shown).not.toMatch(/replaced/);
      await answers(30);
      const drift = await stack.drift();
      expect(drift.output).not.toContain("error");
      expect(drift.code).toBe(0);
    },
    10 * minutes,
  );

  test(
    "a new machine of 13 comes up beside those of 12",
    async () => {
      const more = spec("settled");
      more.machines!.third = {
        ...{ host: "host-1", bridge: "br0", addresses: [{ ipv6For: "third" }] },
        image: { suite: "trixie" },
      };
      await stack.up(more);
      await answers(30);
      const { third } = (await stack.outputs()).machines;
      expect(await pingsWithin(lab, third!.ipv6!, 30)).toBeGreaterThanOrEqual(0);
      await stack.destroy();
    },
    15 * minutes,
  );
});
