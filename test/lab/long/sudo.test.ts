import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isHashOf } from "../../../provider/handlers/sha512-crypt";
import { apiServer, type ApiServer } from "../api-server";
import { describeInLab } from "../available";
import { expectAbsent } from "../canary";
import { Lab, run, type Result } from "../../support/harness";
import { pingsWithin } from "../reach";
import type { Spec } from "../../support/spec";

const minutes = 60_000;

/** A user whom sudo lets do everything, as cloud images have it, and no login of root. */
const sudoUser = `
useradd -m -s /bin/bash admin
install -d -m 700 -o admin -g admin /home/admin/.ssh
install -m 600 -o admin -g admin /root/.ssh/authorized_keys /home/admin/.ssh/authorized_keys
printf 'PermitRootLogin no\\n' >/etc/ssh/sshd_config.d/10-no-root.conf
systemctl reload ssh`;

describeInLab("a host whose login is not root", () => {
  const lab = new Lab("ssh-sudo");
  const stack = lab.stack("sudo");
  const keys = { second: join(lab.directory, "second"), third: join(lab.directory, "third") };
  let first: string;
  let server: ApiServer;

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    stack.without = ["SSH_AUTH_SOCK"];
    first = (await lab.env()).NSPAWN_LAB_SSH_KEY;
    for (const file of Object.values(keys))
      expect((await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "operator", "-f", file])).code).toBe(0);
    server = await apiServer(lab, "plain");
    await lab.sh("plain", sudoUser);
  }, 25 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  const publicKey = (file: string): string => readFileSync(`${file}.pub`, "utf8").trim();
  const spec = (key: string, authorizedKeys?: string[], password = "canary-first-password"): Spec => ({
    sshKey: false,
    hosts: {
      plain: { ssh: { host: server.ipv4, hostKey: server.hostKey, user: "admin", keyPath: key }, authorizedKeys },
    },
    bridges: { br0: { host: "plain" } },
    machines: {
      web: {
        host: "plain",
        bridge: "br0",
        addresses: [{ ipv6For: "web" }],
        rootPassword: password,
        onDelete: "delete",
      },
    },
  });
  const up = (wanted: Spec): Promise<Result> => (stack.declare(wanted), stack.pulumi("up", "--yes", "--skip-preview"));
  /** Whether this key, and nothing else, logs in. */
  const logsIn = async (key: string): Promise<boolean> => {
    const alone = ["IdentitiesOnly=yes", "IdentityAgent=none", "BatchMode=yes", "ConnectTimeout=10"];
    const anyHost = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
    const options = [...alone, ...anyHost].flatMap((option) => ["-o", option]);
    const { code, output } = await lab.exec("operator", ["ssh", ...options, "-i", key, `admin@${server.ipv4}`, "true"]);
    if (code !== 0 && !output.includes("Permission denied")) throw new Error(output);
    return code === 0;
  };
  /** What would be other ones after a replacement or a restart. */
  const identities = async (): Promise<string> => {
    const { deployment } = await stack.export();
    const ids = (deployment.resources ?? []).map(({ urn, id }) => `${urn} ${id}`).sort();
    const unit = await lab.out("plain", "systemctl", "show", "-p", "InvocationID", "systemd-nspawn@web.service");
    return [...ids, unit].join("\n");
  };

  test(
    "is refused, with what to do, as long as sudo asks for a password",
    async () => {
      const result = await up(spec(first));
      expect(result.code).not.toBe(0);
      expect(result.output).toMatch(
        /login admin is not root, and sudo asks for a password; .*NOPASSWD.*\[NSPAWN_NOT_ROOT\]/,
      );
      await lab.sh(
        "plain",
        "printf 'admin ALL=(ALL) NOPASSWD: ALL\\n' >/etc/sudoers.d/admin; chmod 440 /etc/sudoers.d/admin",
      );
    },
    20 * minutes,
  );

  test(
    "gets a bridge and a machine all the same, without a login of root",
    async () => {
      expect(await up(spec(first))).toMatchObject({ code: 0 });
      const address = (await stack.outputs()).machines.web?.ipv6 ?? "";
      expect(await pingsWithin(lab, address, 15)).toBeGreaterThanOrEqual(0);
      const logins = await lab.sh("plain", "journalctl -u ssh -o cat | grep 'Accepted publickey'");
      expect(logins).toContain("for admin from");
      expect(logins).not.toContain("for root from");
      expect(await stack.drift()).toMatchObject({ code: 0 });
      expectAbsent(JSON.stringify(await stack.export()), readFileSync(first, "utf8"));
    },
    20 * minutes,
  );

  test(
    "changes a machine's root password in place",
    async () => {
      const before = await identities();
      const hash = async (): Promise<string> =>
        (await lab.sh("plain", "grep ^root: /var/lib/machines/web/etc/shadow")).split(":")[1] ?? "";
      const old = await hash();
      expect(isHashOf(old, "canary-first-password")).toBe(true);
      const result = await up(spec(first, undefined, "canary-second-password"));
      expect(result).toMatchObject({ code: 0 });
      expect([
        isHashOf(await hash(), "canary-second-password"),
        isHashOf(await hash(), "canary-first-password"),
      ]).toEqual([true, false]);
      expect(await identities()).toBe(before);
      const state = JSON.stringify(await stack.export());
      for (const secret of ["canary-first-password", "canary-second-password", old, await hash()]) {
        expectAbsent(state, secret);
        expectAbsent(result.output, secret);
      }
    },
    20 * minutes,
  );

  const wanted = (key: string, ...listed: string[]): Spec => spec(key, listed.map(publicKey), "canary-second-password");

  test(
    "takes another key in two steps, and the old one logs in no more",
    async () => {
      const before = await identities();
      expect(await up(wanted(first, first, keys.second))).toMatchObject({ code: 0 });
      expect([await logsIn(first), await logsIn(keys.second)]).toEqual([true, true]);
      const second = await up(wanted(keys.second, keys.second));
      expect(second).toMatchObject({ code: 0 });
      expect(second.output).toMatch(/this key does not log in as admin any more: 256 SHA256:/);
      expect([await logsIn(first), await logsIn(keys.second)]).toEqual([false, true]);
      expect(await identities()).toBe(before);
      expect(await stack.drift()).toMatchObject({ code: 0 });
    },
    20 * minutes,
  );

  test(
    "takes another key in one step, by a login with the old one",
    async () => {
      expect(await up(wanted(keys.third, keys.third))).toMatchObject({ code: 0 });
      expect([await logsIn(keys.second), await logsIn(keys.third)]).toEqual([false, true]);
    },
    20 * minutes,
  );

  test(
    "is not cut off: keys without the program's own are refused in the preview",
    async () => {
      stack.declare(wanted(keys.third, keys.second));
      const preview = await stack.pulumi("preview");
      expect(preview.code).not.toBe(0);
      expect(preview.output).toMatch(/authorizedKeys.*must hold the key that this program logs in with/s);
      expect(await logsIn(keys.third)).toBe(true);
    },
    20 * minutes,
  );

  test(
    "shows a key that was added by hand as a line, and removes it",
    async () => {
      stack.declare(wanted(keys.third, keys.third));
      await lab.out(
        "plain",
        "sh",
        "-ec",
        'printf "%s\\n" "$1" >>/home/admin/.ssh/authorized_keys2',
        "sh",
        publicKey(first),
      );
      expect(await logsIn(first)).toBe(true);
      const drift = await stack.drift();
      expect(drift.code).toBe(7);
      // The list is sorted, and what a new key looks like is chance.
      const place = [keys.third, first].map(publicKey).sort().indexOf(publicKey(first));
      expect(drift.output).toContain(`- [${place}]: "admin: ${publicKey(first)}"`);
      expect(await stack.pulumi("up", "--yes", "--skip-preview", "--refresh")).toMatchObject({ code: 0 });
      expect([await logsIn(first), await logsIn(keys.third)]).toEqual([false, true]);
    },
    20 * minutes,
  );

  test(
    "is left with its keys when all is destroyed",
    async () => {
      await stack.destroy();
      expect(await lab.sh("plain", "ls /var/lib/machines /var/lib/pulumi-nspawn 2>/dev/null || true")).toBe("");
      expect(await logsIn(keys.third)).toBe(true);
    },
    20 * minutes,
  );
});
