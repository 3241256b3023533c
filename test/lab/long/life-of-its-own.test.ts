import { apiServer } from "../api-server";
import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { forwarder, ownResolver } from "../own-resolver";
import { pingsWithin } from "../reach";
import type { Spec } from "../../support/spec";

const minutes = 60_000;

/** As Docker's, and fail2ban's with an address in it. */
const filters = String.raw`
table ip filter {
  chain DOCKER-USER {
  }
  chain FORWARD {
    type filter hook forward priority filter; policy drop;
    jump DOCKER-USER
  }
}
table inet f2b-table {
  set addr-set-sshd {
    type ipv4_addr
    elements = { 192.0.2.55 }
  }
  chain f2b-chain {
    type filter hook input priority filter - 1; policy accept;
    tcp dport 22 ip saddr @addr-set-sshd reject
  }
}`;

const prepare = String.raw`
${ownResolver}
apt-get -q update >/dev/null; apt-get -q -y --no-install-recommends install nftables >/dev/null
printf '[Match]\nName=eth0\n\n[Network]\nAddress=192.168.77.10/24\nGateway=192.168.77.1\n' >/etc/systemd/network/20-eth0.network
printf 'fs.inotify.max_user_watches = 4194304\n' >/etc/sysctl.d/10-watches.conf
printf '%s\n' '#!/usr/sbin/nft -f' 'flush ruleset' '${filters}' >/etc/nftables.conf
systemctl enable --now nftables.service; nft -f /etc/nftables.conf`;

/** As apt-get update holds it, for a minute. */
const lock = String.raw`nohup python3 -c '
import fcntl, time
file = open("/var/lib/apt/lists/lock", "w"); fcntl.lockf(file, fcntl.LOCK_EX); time.sleep(60)' >/dev/null 2>&1 &`;

describeInLab("a host with a life of its own", () => {
  const lab = new Lab("e2e-life");
  const stack = lab.stack("main");
  let spec: Spec;
  let before: string;

  const onHost = (text: string): Promise<string> => lab.sh("h1", text);
  const state = (): Promise<string> =>
    onHost(
      "for f in 4 6; do ip -$f route show default | sed 's/ expires [0-9]*sec//; s/ *$//'; done; ip -o addr show eth0 | awk '{ print $3, $4 }' | sort; cat /etc/resolv.conf /etc/sysctl.d/10-watches.conf /etc/systemd/network/20-eth0.network; nft list table inet f2b-table",
    );

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    const server = await apiServer(lab, "h1");
    const order = { type: "ipv4", server: server.id, description: "web" };
    const literal = (await lab.api("POST", "/floating_ips", order)).floating_ip.ip as string;
    expect(await lab.exec("h1", ["sh", "-ec", prepare], forwarder)).toMatchObject({ code: 0 });
    before = await state();
    await lab.exec("h1", ["sh", "-c", lock]);
    const { NSPAWN_LAB_SSH_KEY: key } = await lab.env();
    spec = {
      sshKey: false,
      hosts: { h1: { ssh: { host: server.ipv4, hostKey: server.hostKey, privateKeyFile: key } } },
      bridges: { br0: { host: "h1" } },
      machines: {
        web: { host: "h1", bridge: "br0", addresses: [{ literal }, { ipv6For: "web" }] },
      },
    };
  }, 30 * minutes);
  afterAll(() => lab.down(), 3 * minutes);

  async function answers(seconds: number): Promise<void> {
    const { web } = (await stack.outputs()).machines;
    for (const address of [web!.ipv4!, web!.ipv6!])
      expect([address, (await pingsWithin(lab, address, seconds)) >= 0]).toEqual([address, true]);
    const inside = "systemd-run -q --wait --pipe --machine=web getent hosts deb.debian.org";
    expect(await onHost(`getent hosts deb.debian.org >/dev/null; ${inside}`)).toContain("deb.debian.org");
  }

  test(
    "one up: what has to be added to Docker's chain is said, and all else is as it was",
    async () => {
      stack.declare(spec);
      const { code, output } = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(output).toMatch(/waiting for somebody else who installs or updates packages/);
      expect(output).toContain("20-eth0.network is kept asleep");
      expect(output).toContain("table ip filter, chain FORWARD, policy drop");
      expect(code).toBe(0);
      expect(await state()).toBe(before);
      const advice = [...new Set(output.match(/nft (insert|add) rule ip filter DOCKER-USER [io]ifname "br0" accept/g))];
      expect(advice).toHaveLength(2);
      // As a person would: now, and for the next boot.
      await onHost(
        `${advice.join("\n")}\nprintf '%s\\n' '${advice.map((line) => line.replace(/^nft /, "")).join("' '")}' >>/etc/nftables.conf`,
      );
      await answers(30);
      const drift = await stack.drift();
      expect(drift.output).not.toContain("error");
      expect(drift.code).toBe(0);
    },
    30 * minutes,
  );

  test(
    "the same after a reboot",
    async () => {
      await lab.exec("h1", ["systemctl", "reboot"]);
      await new Promise((resolve) => setTimeout(resolve, 5000));
      await answers(90);
      expect(await state()).toBe(before);
      // The lab's kernel lets no host set it; no file of ours says anything about it that would be read later.
      expect(await onHost("grep -rlF max_user_watches /etc/sysctl.d")).toBe("/etc/sysctl.d/10-watches.conf\n");
      expect((await stack.drift()).code).toBe(0);
    },
    10 * minutes,
  );
});
