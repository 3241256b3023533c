import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describeInLab } from "../available";
import { Lab, root, type Result } from "../../support/harness";
import type { MachineSpec, Spec } from "../../support/spec";

jest.setTimeout(1_800_000);

const canary = `canary-${randomBytes(12).toString("hex")}`;
const attacked = "/root/attacked";
/** Rounds of `up --refresh` with programs in the machine that wait for them. */
const rounds = 20;

const spec = (machine: Partial<MachineSpec> = {}): Spec => ({
  hosts: { one: { server: {} } },
  bridges: { br0: { host: "one" } },
  machines: {
    web: {
      ...{ host: "one", bridge: "br0", addresses: [{ ipv6For: "web" }], rootPassword: "correct horse battery" },
      // With the one that keys bring along: without keys it is the same machine.
      image: { packages: ["openssh-server", "python3"] },
      ...machine,
    },
  },
});

/** All that a machine could want to change on its host: content, mode, owner, links, absence. */
const manifest = `cd /; find etc root usr/local var/lib \\( -path var/lib/machines -o -path var/lib/pulumi-nspawn -o -path var/lib/systemd \\
  -o -path var/lib/dhcp -o -path var/lib/cloud -o -path var/lib/private -o -path var/lib/dbus \\) -prune -o -printf '%p %y %m %U %G %l\\n' \\
  -type f -exec sha256sum {} \\; | sort`;

describeInLab("a machine whose root is hostile, and whole runs of pulumi", () => {
  const lab = new Lab(`e2e-hostile-${process.pid}`);
  const stack = lab.stack("dev");
  const host = (script: string): Promise<string> => lab.sh("one", script);

  /** As root of the machine. */
  async function inside(script: string): Promise<void> {
    const argv = ["systemd-run", "-q", "--wait", "--pipe", "--collect", "--machine=web", "/bin/sh", "-es"];
    const { code, output } = await lab.exec("one", argv, script);
    if (code !== 0) throw new Error(`in web, exit code ${code}: ${script}\n${output}`);
  }

  function nothingOfTheHost({ output }: Result): void {
    expect(output).not.toContain(canary);
    expect(output.replace(/\u001b\[[0-9;]*m/g, "")).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  }

  beforeAll(async () => {
    await lab.up();
    await stack.init();
    await stack.up(spec());
    await host(`mkdir -m 0700 ${attacked}; cd ${attacked}; umask 077
      for name in victim authorized_keys hosts; do echo ${canary} >$name; done; printf 'root:${canary}:1:0:::::\\n' >secret`);
    const programs = join(root, "test/attack/guest");
    for (const name of readdirSync(programs).filter((each) => /^(catch|exchange|alternate)\.py$/.test(each))) {
      await lab.exec(
        "one",
        ["sh", "-c", `mkdir -p /var/lib/machines/web/opt/attack; cat >/var/lib/machines/web/opt/attack/${name}`],
        readFileSync(join(programs, name), "utf8"),
      );
    }
  });

  afterAll(async () => {
    await lab.down();
  });

  it("is told by a preview what stands in the place of files, with nothing of the host, and in time", async () => {
    const before = await host(manifest);
    await inside(`ln -sf ${attacked}/hosts /etc/hosts
      rm /etc/hostname; mkfifo /etc/hostname
      rm /etc/systemd/network/80-container-host0.network; truncate -s 10G /etc/systemd/network/80-container-host0.network
      mv /root/.ssh /root/.ssh.was; ln -s ${attacked} /root/.ssh
      mv /etc/shadow /etc/shadow.was; ln -s ${attacked}/secret /etc/shadow`);
    const preview = await stack.drift();
    nothingOfTheHost(preview);
    for (const line of [
      `(a link to ${attacked}/hosts)`,
      "(a fifo)",
      "(a file of 10737418240 bytes)",
      "(behind a link)",
    ])
      expect(preview.output).toContain(`- ${line}`);
    const refreshed = await stack.pulumi("refresh", "--yes", "--skip-preview");
    nothingOfTheHost(refreshed);
    expect(JSON.stringify(await stack.export("--show-secrets"))).not.toContain(canary);
    expect(await host(manifest)).toBe(before);
  });

  it("is refused where a path leads through a link, by an error that says what to do, and everything is as before", async () => {
    const before = await host(manifest);
    const up = await stack.pulumi("up", "--refresh", "--yes", "--skip-preview");
    nothingOfTheHost(up);
    expect(up.code).not.toBe(0);
    expect(up.output).toContain(
      "leads through a link inside the machine's tree (.ssh), and is not written; remove it in the machine",
    );
    expect(up.output).toContain("the host is as it was before");
    expect(await host(manifest)).toBe(before);
    await inside("rm -rf /root/.ssh; mv /root/.ssh.was /root/.ssh; rm /etc/shadow; mv /etc/shadow.was /etc/shadow");
    await stack.up(spec(), "--refresh");
    expect((await stack.drift()).code).toBe(0);
  });

  it("has its keys taken away without the host's going with them", async () => {
    await inside(`mv /root/.ssh /root/.ssh.was; ln -s /root/.ssh /root/.ssh`);
    const keys = await host("sha256sum /root/.ssh/authorized_keys");
    await stack.up(spec({ login: false }));
    expect(await host("sha256sum /root/.ssh/authorized_keys")).toBe(keys);
    await inside("rm /root/.ssh; mv /root/.ssh.was /root/.ssh");
    await stack.up(spec());
  });

  it(`wins none of ${rounds} races with an up that repairs what it made`, async () => {
    const before = await host(manifest);
    const start = (words: string): Promise<void> =>
      inside(
        `systemd-run -q --collect --unit=race-${words.split(".")[0]} --working-directory=/opt/attack python3 -B ${words}`,
      );
    await start(`catch.py /etc .pulumi-nspawn ${attacked}/victim`);
    await inside(
      `cp -p /etc/shadow /opt/attack/shadow; mkdir -p /root/.ssh; rm -rf /root/.ssh.link; ln -s ${attacked} /root/.ssh.link`,
    );
    await start("exchange.py /root/.ssh /root/.ssh.link");
    let done = 0;
    for (let round = 1; round <= rounds; round += 1) {
      // The machine's root may win a race for a name in its own tree: then it has a link there, which leads nowhere in it.
      await inside(
        `for name in hosts shadow; do if [ -L /etc/$name ]; then rm /etc/$name; fi; done
        [ -e /etc/shadow ] || cp -p /opt/attack/shadow /etc/shadow
        echo ${round} >>/etc/hosts; sed -i 's/^root:[^:]*/root:$6$${round}$x/' /etc/shadow; rm -f /root/.ssh*/authorized_keys.none`,
      );
      const up = await stack.pulumi("up", "--refresh", "--yes", "--skip-preview");
      nothingOfTheHost(up);
      if (up.code === 0) done += 1;
      else
        expect(up.output).toMatch(
          /leads through a link|was changed by the machine|it is of the kind: link|differ from what is declared/,
        );
      expect([round, await host(manifest)]).toEqual([round, before]);
    }
    process.stderr.write(`${done} of ${rounds} runs repaired everything in spite of the machine\n`);
    await inside(
      "systemctl stop 'race-*.service'; if [ -L /root/.ssh ]; then rm -rf /root/.ssh; mv /root/.ssh.link /root/.ssh; fi; if [ -L /etc/shadow ]; then rm /etc/shadow; cp -p /opt/attack/shadow /etc/shadow; fi",
    );
    await stack.up(spec(), "--refresh");
  });

  it("does not reach the operator's terminal when it does not start", async () => {
    await inside(`mv /usr/lib/systemd/systemd /usr/lib/systemd/systemd.was
      printf '#!/bin/sh\\nprintf "\\\\033[2J\\\\033]0;owned\\\\007\\\\nend\\\\n" >/dev/console; sleep 1; exit 1\\n' >/usr/lib/systemd/systemd
      chmod 0755 /usr/lib/systemd/systemd`);
    stack.declare(spec({ hostname: "other" }));
    const up = await stack.pulumi("up", "--yes", "--skip-preview");
    expect(up.code).not.toBe(0);
    expect(up.output).toContain("NSPAWN_NOT_READY");
    nothingOfTheHost(up);
    await host("mv /var/lib/machines/web/usr/lib/systemd/systemd.was /var/lib/machines/web/usr/lib/systemd/systemd");
    await stack.up(spec());
  });

  it("and other users of the host can't delay, stop or mislead a change", async () => {
    const as = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    await host(`cd /run/lock; mkdir -p /run/lock; chmod 1777 /run/lock
      ${as} sh -c 'printf "x\\nend\\n" >pulumi-nspawn.lock; mkfifo pulumi-nspawn.k || :; for name in /tmp/pulumi-nspawn /var/tmp/pulumi-nspawn; do ln -sfn /etc $name; done
        for lock in /run/lock/* /run/pulumi-nspawn-locks/* /run/pulumi-nspawn/lock /var/lib/pulumi-nspawn/*; do (flock -x "$lock" sleep 300 >/dev/null 2>&1 </dev/null &); done'`);
    const seen = await host(
      `${as} find /run /tmp /var/tmp /var/lib /etc/pulumi-nspawn -path '*pulumi-nspawn*' \\( -readable -o -writable \\) ! -user nobody -printf '%p\\n' 2>/dev/null | sort || :`,
    );
    for (const path of seen.trim().split("\n")) expect(path).toMatch(/^\/etc\/pulumi-nspawn(\/|$)/);
    const begun = Date.now();
    await stack.up(spec({ hostname: "another" }));
    process.stderr.write(
      `an up beside a user that holds whatever it can: ${Math.round((Date.now() - begun) / 1000)} s\n`,
    );
    expect((await stack.drift()).code).toBe(0);
  });
});
