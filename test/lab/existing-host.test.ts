import { readFileSync } from "node:fs";
import { describeInLab } from "./available";
import { expectAbsent } from "./canary";
import { Lab } from "../support/harness";
import { pingsWithin } from "./reach";
import { apiServer, type ApiServer } from "./api-server";
import type { MachineSpec, Spec, SshSpec } from "../support/spec";
import { debian } from "../support/debian";

const minutes = 60_000;
/** Where a host that has chosen btrfs has its images. */
const images = "/var/lib/machines/.pulumi-nspawn/images";
const passphrase = "canary-passphrase-93ba";

/**
 * What installing and removing Debian packages leaves behind in /etc by Debian's own rules (accounts stay, caches are
 * made anew), and what the running system itself writes there.
 */
const debiansOwn = [
  /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-?$/,
  /^\/etc\/ld\.so\.cache$/,
  /^\/etc\/\.pwd\.lock$/,
  /^\/etc\/(mailcap|mime\.types)$/,
  /^\/etc\/ssl\/certs\//,
  /^\/etc\/ca-certificates\.conf(\.dpkg-old)?$/,
  /^\/etc\/alternatives\//,
  /^\/etc\/udev\/hwdb\.bin$/,
];

const manifestScript = `
find /etc -xdev \\( -type f -o -type l -o -type d \\) -printf '%p %y %m %u:%g %l\\n' | sort
find /etc -xdev -type f -exec sha256sum {} + | awk '{print $2, $1}' | sort`;

const kernelScript = `
ip -o addr | sed 's/valid_lft.*//' | sort; ip route show table all | sort; ip -6 route show table all | grep -v ' expires ' | sort; ip rule; ip -6 rule
ip neigh show proxy; ip -6 neigh show proxy
sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding net.ipv6.conf.all.proxy_ndp net.ipv4.neigh.eth0.proxy_delay net.ipv6.conf.eth0.accept_ra
ls -A /var/lib/machines 2>/dev/null || true; ls -d /var/lib/pulumi-nspawn 2>/dev/null || true
readlink /etc/resolv.conf || true; getent hosts deb.debian.org >/dev/null && echo names-resolve`;

describeInLab("a host that somebody else made", () => {
  const lab = new Lab("e2e-host");
  const stack = lab.stack("existing");
  let server: ApiServer;
  let spec: Spec;

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    stack.without = ["SSH_AUTH_SOCK"];
    // The static form of the seed, S1.20; the other tests have the DHCP form of today's images.
    server = await apiServer(lab, "old", { image: `${debian.image}-static` });
    spec = {
      sshKey: false,
      hosts: {
        old: {
          ssh: {
            host: server.ipv4,
            hostKey: server.hostKey,
            privateKeyFile: (await lab.env()).NSPAWN_LAB_SSH_KEY,
            privateKeyPassword: passphrase,
          },
        },
      },
      bridges: { br0: { host: "old" } },
      machines: { web: { host: "old", bridge: "br0", addresses: [{ ipv6For: "web" }], onDelete: "delete" } },
    };
  }, 25 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  const manifest = async () =>
    (await lab.sh("old", manifestScript))
      .split("\n")
      .filter((line) => !debiansOwn.some((own) => own.test(line.split(" ")[0] ?? "")));
  const kernel = () => lab.sh("old", kernelScript);
  const login = (): SshSpec => spec.hosts.old?.ssh ?? { host: "" };

  /** Machines that cannot be made: from a mirror that is not there, and on a disk that is full. The next `up` repairs both. */
  async function* hopeless(): AsyncGenerator<[MachineSpec, string]> {
    const machine: MachineSpec = { host: "old", bridge: "br0", addresses: [{ ipv6For: "web" }], onDelete: "delete" };
    yield [{ ...machine, image: { mirror: "http://192.0.2.99/debian" } }, "NSPAWN_MIRROR"];
    await lab.sh("old", `mkdir -p ${images}; mount -t tmpfs -o size=50M none ${images}`);
    yield [machine, "NSPAWN_DISK_FULL"];
  }

  test(
    "is refused with another key, before authentication, with both fingerprints",
    async () => {
      const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBq0n1mMqzQ8YVJZz3yC9nGZ0mS3i5J7rQ1c8mJ0fYxT";
      stack.declare({ ...spec, hosts: { old: { ssh: { ...login(), hostKey: other } } } });
      const up = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(up.code).not.toBe(0);
      expect(up.output).toContain("NSPAWN_HOST_KEY");
      expect(new Set(up.output.match(/SHA256:[A-Za-z0-9+/]{43}/g)).size).toBe(2);
      expect(await lab.sh("old", "journalctl -u ssh -o cat | grep -c 'Accepted publickey for root' || true")).toBe(
        "0\n",
      );
    },
    3 * minutes,
  );

  test(
    "is said to be unreachable when nothing answers",
    async () => {
      stack.declare({
        ...spec,
        hosts: {
          old: { ssh: { ...login(), host: "203.0.113.250", perDialTimeout: 3, dialErrorLimit: 1 } },
        },
      });
      const up = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(up.code).not.toBe(0);
      expect(up.output).toContain("NSPAWN_UNREACHABLE");
    },
    3 * minutes,
  );

  test(
    "is said not to be a Debian host where there is no apt",
    async () => {
      await lab.out("old", "mv", "/usr/bin/apt-get", "/usr/bin/apt-get.away");
      stack.declare(spec);
      const up = await stack.pulumi("up", "--yes", "--skip-preview");
      await lab.out("old", "mv", "/usr/bin/apt-get.away", "/usr/bin/apt-get");
      expect(up.code).not.toBe(0);
      expect(up.output).toContain("NSPAWN_NOT_DEBIAN");
    },
    3 * minutes,
  );

  test(
    "gets a machine, and after destroy is as it was before",
    async () => {
      const before = { files: await manifest(), kernel: await kernel() };
      expect(before.kernel).toContain("names-resolve");
      for await (const [machine, code] of hopeless()) {
        stack.declare({ ...spec, machines: { web: machine } });
        const up = await stack.pulumi("up", "--yes", "--skip-preview");
        expect(up.code).not.toBe(0);
        expect(up.output).toContain(code);
        await lab.sh("old", `umount ${images} 2>/dev/null || true`);
      }
      await stack.up(spec);
      const address = (await stack.outputs()).machines.web?.ipv6 ?? "";
      expect(await pingsWithin(lab, address, 15)).toBeGreaterThanOrEqual(0);
      for (const refresh of [false, true]) {
        if (refresh) expect((await stack.pulumi("refresh", "--yes", "--skip-preview")).code).toBe(0);
        const state = JSON.stringify(await stack.export());
        expectAbsent(state, readFileSync((await lab.env()).NSPAWN_LAB_SSH_KEY, "utf8"));
        expectAbsent(state, passphrase);
      }
      expect((await stack.drift()).code).toBe(0);
      expect(await kernel()).toContain("names-resolve");
      await stack.destroy();
      expect(await kernel()).toEqual(before.kernel);
      expect(await manifest()).toEqual(before.files);
    },
    15 * minutes,
  );
});
