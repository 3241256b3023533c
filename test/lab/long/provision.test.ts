import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Change, Properties } from "../../support/driver";
import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { OneHost } from "../one-host";

const minutes = 60_000;
const secret = "a-password-of-nobody-9f2c";

const service = (words: string): string =>
  `[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'echo ${words} >/run/unit-ran'\n[Install]\nWantedBy=multi-user.target\n`;

/** A unit that is handed a secret by its name (systemd.exec(5)). */
const credential = {
  name: "credential.service",
  content:
    "[Service]\nType=oneshot\nRemainAfterExit=yes\nDynamicUser=yes\nRuntimeDirectory=seen\nLoadCredential=app-password:/etc/credstore/app-password\n" +
    "ExecStart=/bin/sh -c 'sha256sum <${CREDENTIALS_DIRECTORY}/app-password >/run/seen/sum'\n",
};

describeInLab("what is done inside a machine by its own root", () => {
  const lab = new Lab(`provision-${process.pid}`);
  const at = new OneHost(lab);
  let key = "";
  const up = (changes: Properties): Promise<Change> =>
    at.up("nspawnMachine", "web", at.machine("web", at.host("one").floating, changes));
  const inside = (text: string): Promise<string> => at.inside("web", text);
  const onHost = async (text: string): Promise<string> => (await lab.sh("one", text)).trim();
  const bootId = (): Promise<string> =>
    inside("cat /proc/sys/kernel/random/boot_id; systemctl show -p UserspaceTimestampMonotonic");
  const login = (user: string, command: string) => {
    const options = ["BatchMode=yes", "ConnectTimeout=10", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"];
    const words = options.flatMap((option) => ["-o", option]);
    return lab.exec("operator", ["ssh", "-n", "-q", ...words, `${user}@${at.host("one").floating}`, command]);
  };

  /** With whatever is changed of it. */
  const provision = (changes: Properties = {}): Properties => ({
    packages: ["less"],
    files: [
      { path: "/etc/app/app.conf", content: "listen = 1\n", mode: "0640", owner: "ann", group: "staff" },
      { path: "/etc/app/secret", mode: "0600" },
      { path: "/etc/credstore/app-password", mode: "0600" },
    ],
    units: [{ name: "once.service", content: service("first") }, credential],
    commands: [
      "echo one >>/root/ran",
      ["sh", "-c", 'less --version >/root/less && echo "two $0" >>/root/ran', "it's $HOME"],
    ],
    ...changes,
  });
  const users = (): Properties[] => [{ name: "ann", authorizedKeys: [key], groups: ["staff"], sudo: true }];
  const secrets = { files: { "/etc/app/secret": secret, "/etc/credstore/app-password": secret } };

  beforeAll(async () => {
    await at.prepare();
    key = readFileSync(join(lab.directory, "operator_ed25519.pub"), "utf8").trim();
  }, 20 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  it(
    "is there when the machine is",
    async () => {
      expect(await up({ users: users(), provision: provision(), secrets })).toEqual({ changes: true });
      expect(
        await inside("stat -c '%a %U %G' /etc/app/app.conf /etc/app/secret; cat /etc/app/app.conf /etc/app/secret"),
      ).toBe(`640 ann staff\n600 root root\nlisten = 1\n${secret}`);
      expect(
        await inside("systemctl is-enabled once.service; systemctl is-active once.service; cat /run/unit-ran"),
      ).toBe("enabled\nactive\nfirst");
      expect(
        await inside("dpkg-query -W -f='${db:Status-Status}' less; head -c 5 /root/less; echo; cat /root/ran"),
      ).toBe("installedless \none\ntwo it's $HOME");
      const { code, stdout } = await login("ann", "id -un; id -Gn; sudo -n id -un");
      expect([code, stdout]).toEqual([0, "ann\nann staff\nroot\n"]);
      expect(await inside("cut -c 1-64 /run/seen/sum")).toBe(createHash("sha256").update(secret).digest("hex"));
      // Nothing that was on its way is left, and no secret stands where others read.
      expect(await inside("ls -d /run/pulumi-nspawn.* 2>/dev/null || echo none")).toBe("none");
      expect(await onHost(`grep -rls ${secret} /etc /run /var/lib/pulumi-nspawn /var/log || echo nowhere`)).toBe(
        "nowhere",
      );
      expect(await onHost("stat -c %a /var/lib/pulumi-nspawn/owners")).toBe("700");
    },
    15 * minutes,
  );

  it(
    "is done once for each content, and found by a refresh",
    async () => {
      expect(await up({ users: users(), provision: provision(), secrets })).toEqual({ changes: false });
      const { live } = await at.refresh("web");
      expect(live).toMatchObject({
        users: { ann: "applied" },
        provision: {
          packages: "applied",
          "file /etc/app/app.conf": "applied",
          "file /etc/app/secret": "applied",
          "file /etc/credstore/app-password": "applied",
          "unit credential.service": "applied",
          "unit once.service": "applied",
          commands: "applied",
        },
      });
      expect(await up({ users: users(), provision: provision(), secrets })).toEqual({ changes: false });
      expect(await inside("cat /root/ran")).toBe("one\ntwo it's $HOME");
    },
    5 * minutes,
  );

  it(
    "changes in place, each part for itself",
    async () => {
      const before = await bootId();
      const stamp = await inside("stat -c %Y.%i /etc/app/secret");
      const { commands: _, ...rest } = provision({ units: [{ name: "once.service", content: service("second") }] });
      const files = [
        { path: "/etc/app/app.conf", content: "listen = 2\n" },
        { path: "/etc/app/secret", mode: "0600" },
      ];
      const own = { files: { "/etc/app/secret": secret } };
      expect(await up({ users: users(), provision: { ...rest, files }, secrets: own })).toEqual({ changes: true });
      expect(await inside("stat -c '%a %U %G' /etc/app/app.conf; cat /etc/app/app.conf /run/unit-ran /root/ran")).toBe(
        "644 root root\nlisten = 2\nsecond\none\ntwo it's $HOME",
      );
      expect(await inside("stat -c %Y.%i /etc/app/secret")).toBe(stamp);
      const other = { files: { "/etc/app/secret": `${secret}-2` } };
      expect(await up({ users: users(), provision: { ...rest, files }, secrets: other })).toEqual({ changes: true });
      expect(await inside("cat /etc/app/secret")).toBe(`${secret}-2`);
      expect(await bootId()).toBe(before);
    },
    5 * minutes,
  );

  it(
    "says in the machine's own words what failed, and goes on from there",
    async () => {
      await inside("rm -f /root/ran");
      const failing = {
        commands: ["echo first >>/root/ran", "echo the disk is on fire >&2; exit 7", "echo last >>/root/ran"],
      };
      const { error } = await up({ users: users(), provision: failing });
      expect(error).toMatchObject({ code: "NSPAWN_PROVISION", id: expect.any(String) });
      expect(error?.message).toMatch(/provision\.commands\[1\].*exit code 7.*the disk is on fire/s);
      // The same again is tried again, from the one that failed.
      expect((await up({ users: users(), provision: failing })).error?.message).toMatch(/provision\.commands\[1\]/);
      expect(await inside("cat /root/ran")).toBe("first");
      const mended = { commands: [failing.commands[0], "echo second >>/root/ran", failing.commands[2]] };
      expect(await up({ users: users(), provision: mended })).toEqual({ changes: true });
      expect(await inside("cat /root/ran")).toBe("first\nsecond\nlast");
      expect(await up({ users: users(), provision: mended })).toEqual({ changes: false });
      for (const [given, words] of [
        [{ files: [{ path: "/etc/x", content: "x", owner: "nobody-at-all" }] }, /provision\.files.*nobody-at-all/s],
        [{ packages: ["no-such-package-1"] }, /provision\.packages.*no-such-package-1/s],
        [
          { units: [{ name: "bad.service", content: "[Service]\nExecStart=/nowhere\nType=oneshot\n" }] },
          /provision\.units.*bad\.service/s,
        ],
      ] as const) {
        const failed = (await up({ users: users(), provision: given })).error;
        expect([failed?.code, failed?.message]).toEqual(["NSPAWN_PROVISION", expect.stringMatching(words)]);
      }
    },
    8 * minutes,
  );

  it(
    "is taken back where that loses nothing: a user is locked, and its home stays",
    async () => {
      await up({
        users: users(),
        provision: {
          files: [
            { path: "/etc/a", content: "a" },
            { path: "/etc/b", content: "b" },
          ],
          units: [{ name: "once.service", content: service("third") }],
        },
      });
      await inside("echo mine >/etc/b; echo data >/home/ann/data");
      expect(await up({})).toEqual({ changes: true });
      expect(
        await inside(
          "cat /etc/b; ls /etc/a /etc/systemd/system/once.service 2>/dev/null || systemctl is-active once.service || :",
        ),
      ).toBe("mine\ninactive");
      expect(
        await inside(
          "cat /home/ann/data; ls /home/ann/.ssh/authorized_keys /etc/sudoers.d/pulumi-nspawn-ann 2>/dev/null || :",
        ),
      ).toBe("data");
      expect((await login("ann", "true")).code).toBe(255);
      expect(await up({})).toEqual({ changes: false });
      expect(await up({ users: users() })).toEqual({ changes: true });
      expect((await login("ann", "cat data")).stdout).toBe("data\n");
    },
    5 * minutes,
  );

  it("is refused with all that is wrong, before anything is sent", async () => {
    const bad = {
      packages: ["A B"],
      files: [{ path: "etc/x", content: "x", mode: "rw" }],
      units: [{ name: "x", content: "x" }],
    };
    await expect(up({ users: [{ name: "root" }], provision: bad })).rejects.toThrow(
      /users\[0\]\.name.*provision\.packages\[0\].*provision\.files\[0\]\.path.*provision\.files\[0\]\.mode.*provision\.units\[0\]\.name.*provision\.units\[0\]\.content/s,
    );
  });
});
