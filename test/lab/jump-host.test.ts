import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiServer, type ApiServer } from "./api-server";
import { describeInLab } from "./available";
import { expectAbsent } from "./canary";
import { Lab, run, type Result } from "../support/harness";
import type { Spec } from "../support/spec";

const minutes = 60_000;
const passphrase = "canary-jump-passphrase-41cd";

/** Every command line of the lab, those of its hosts included, that is seen while something happens. */
async function commandLines(lab: Lab, during: () => Promise<Result>): Promise<[Result, string]> {
  const over = join(lab.directory, "no-more-command-lines");
  const look = `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'`;
  const seen = lab.exec("operator", ["sh", "-c", `while [ ! -e ${over} ]; do ${look}; sleep 0.2; done | sort -u`]);
  const result = await during();
  writeFileSync(over, "");
  return [result, (await seen).stdout];
}

describeInLab("a host behind a jump host", () => {
  const lab = new Lab("e2e-jump");
  const stack = lab.stack("jump");
  const keyFile = join(lab.directory, "jump_ed25519");
  let jump: ApiServer;
  let inner: ApiServer;
  let spec: Spec;

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    stack.without = ["SSH_AUTH_SOCK"];
    [jump, inner] = [await apiServer(lab, "jump"), await apiServer(lab, "inner")];
    // A key of its own that needs its passphrase; the jump host accepts no other, and the inner host does not know it.
    expect((await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", keyFile])).code).toBe(0);
    const known = readFileSync(`${keyFile}.pub`, "utf8");
    await lab.out("jump", "sh", "-ec", 'printf %s "$1" >/root/.ssh/authorized_keys', "sh", known);
    // From the jump host only, as a firewall would have it.
    await lab.sh("inner", "ip route add blackhole 192.0.2.128/25");
    spec = {
      sshKey: false,
      hosts: {
        inner: {
          ssh: {
            host: inner.ipv4,
            hostKey: inner.hostKey,
            privateKeyFile: (await lab.env()).NSPAWN_LAB_SSH_KEY,
            proxy: { host: jump.ipv4, hostKey: jump.hostKey, privateKeyFile: keyFile, privateKeyPassword: passphrase },
          },
        },
      },
      bridges: { br0: { host: "inner" } },
    };
  }, 25 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  const isNowhereIn = (text: string): void => {
    expectAbsent(text, readFileSync(keyFile, "utf8"));
    expectAbsent(text, passphrase);
  };

  test(
    "is set up through it, by the jump host's own key",
    async () => {
      stack.declare(spec);
      const [up, seen] = await commandLines(lab, () => stack.pulumi("up", "--yes", "--skip-preview"));
      expect(up).toMatchObject({ code: 0 });
      const logins = "journalctl -u ssh -o cat | grep 'Accepted publickey for root from'";
      const inside = await lab.sh("inner", logins);
      expect(inside).toContain(` from ${jump.ipv4} `);
      expect(inside).not.toContain(" from 192.0.2.130 ");
      expect(await lab.sh("jump", logins)).toContain(" from 192.0.2.130 ");
      expect(seen).toContain("systemd-nspawn");
      expect(seen).toContain("apt-get");
      for (const text of [up.output, seen]) isNowhereIn(text);
    },
    5 * minutes,
  );

  test(
    "keeps that key and its passphrase out of plain state, before and after a refresh",
    async () => {
      for (const refresh of [false, true]) {
        if (refresh) {
          const result = await stack.pulumi("refresh", "--yes", "--skip-preview");
          expect(result).toMatchObject({ code: 0 });
          isNowhereIn(result.output);
        }
        const { deployment } = await stack.export();
        expect(
          deployment.resources?.filter(({ inputs }) => inputs?.connection?.proxy?.host === jump.ipv4),
        ).toHaveLength(2);
        isNowhereIn(JSON.stringify(deployment));
      }
      const drift = await stack.drift();
      expect(drift).toMatchObject({ code: 0 });
      isNowhereIn(drift.output);
    },
    5 * minutes,
  );

  test(
    "names the jump host, and no secret, when its passphrase is wrong",
    async () => {
      const [{ ssh } = {}] = Object.values(spec.hosts);
      if (ssh?.proxy === undefined) throw new Error("the spec has no jump host");
      const wrong = { ...ssh, proxy: { ...ssh.proxy, privateKeyPassword: "canary-another-passphrase" } };
      stack.declare({ ...spec, hosts: { inner: { ssh: wrong, packages: ["nginx-light"] } } });
      const up = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(up.code).not.toBe(0);
      expect(up.output).toContain("NSPAWN_LOGIN");
      expect(up.output).toContain(jump.ipv4);
      isNowhereIn(up.output);
      expectAbsent(up.output, wrong.proxy.privateKeyPassword);
    },
    3 * minutes,
  );
});
