import type { MachineArgs } from "../../provider/model/args";
import { parseMachine } from "../../provider/model/parse-machine";
import { UNKNOWN } from "../../provider/model/unknown";
import { problemsOf } from "../support/refusal";
import { hostKeyText, machineArgs } from "../support/sample";

const hash = `$y$j9T$F5Jx5fExrKuPp53xLKQ..1$${"a".repeat(43)}`;
const unit = "[Service]\nExecStart=/bin/true\n";

const parsed = (changes: object) => parseMachine({ ...machineArgs(), ...changes });
/** `path: message` of each problem. */
const refused = (changes: object): string[] =>
  problemsOf(parsed(changes)).map(({ path, message }) => `${path}: ${message}`);
const one = (changes: object): string => {
  const [problem = "", ...others] = refused(changes);
  expect(others).toEqual([]);
  return problem;
};
const file = (changes: object): object => ({ provision: { files: [{ path: "/etc/motd", content: "x", ...changes }] } });
const user = (changes: object): object => ({ users: [{ name: "ann", ...changes }] });

describe("users and provision", () => {
  it("are what the program says, with what is usual", () => {
    const answer = parsed({
      users: [{ name: "ann", authorizedKeys: [`${hostKeyText} ann`], groups: ["www-data", "adm"], sudo: true }],
      provision: {
        packages: ["less", "acl", "less"],
        files: [
          { path: "/etc/motd", content: "" },
          { path: "/srv/a b/ü.txt", mode: "600", owner: "1000", group: "adm" },
        ],
        units: [
          { name: "a@b.service", content: unit },
          { name: "c@.service", content: unit, enable: false },
        ],
        commands: ["true", ["/bin/true", ""]],
      },
      secrets: { files: { "/srv/a b/ü.txt": "s" }, passwords: { ann: hash } },
    });
    const { users, provision } = (answer as { value: MachineArgs }).value;
    expect(users).toEqual([
      {
        name: "ann",
        authorizedKeys: [`${hostKeyText} ann`],
        groups: ["adm", "www-data"],
        shell: "/bin/bash",
        sudo: true,
      },
    ]);
    expect(provision).toEqual({
      packages: ["acl", "less"],
      files: [
        { path: "/etc/motd", content: "", mode: "0644", owner: "root" },
        { path: "/srv/a b/ü.txt", mode: "0600", owner: "1000", group: "adm" },
      ],
      units: [
        { name: "a@b.service", content: unit, enable: true },
        { name: "c@.service", content: unit, enable: false },
      ],
      commands: ["true", ["/bin/true", ""]],
    });
  });

  it("pass as far as a preview does not know them", () => {
    const files = [{ path: UNKNOWN, content: UNKNOWN }, UNKNOWN, { path: "/etc/a", content: UNKNOWN }];
    for (const given of [
      { users: UNKNOWN, provision: UNKNOWN },
      { provision: { files, commands: [UNKNOWN, [UNKNOWN]], units: UNKNOWN, packages: UNKNOWN }, secrets: UNKNOWN },
      { users: [{ name: UNKNOWN }, UNKNOWN], secrets: { passwords: UNKNOWN, files: UNKNOWN } },
    ])
      expect(parsed(given)).toMatchObject({ ok: true });
  });

  test.each([
    ...[
      "etc/motd",
      "/",
      "",
      "/etc/",
      "/etc//motd",
      "/etc/./motd",
      "/etc/../motd",
      "/etc/..",
      "/etc/a\nb",
      "/etc/a\0",
      "/etc/a\u202eb",
    ],
  ])("refuse %j as a path", (path) =>
    expect(one(file({ path }))).toMatch(/^provision\.files\[0\]\.path: must be an absolute and normal path/),
  );

  test.each([
    ["/run/x", "gone at the next start"],
    ["/tmp/x", "gone at the next start"],
    ["/proc/sys/net/x", "gone at the next start"],
    ["/etc/hostname", "hostname writes it"],
    ["/etc/resolv.conf", "dns writes it"],
    ["/root/.ssh/authorized_keys", "authorizedKeys writes it"],
    ["/etc/shadow", "users, or rootPassword, make accounts"],
    ["/etc/systemd/network/80-container-host0.network", "networks write it"],
    [`/${"x".repeat(256)}`, "255 characters"],
  ])("refuse the path %s: %s", (path, why) => expect(one(file({ path }))).toContain(why));

  test.each<[object, RegExp]>([
    [file({ mode: "rw-r--r--" }), /mode: must be three or four octal digits/],
    [file({ mode: 420 }), /mode: must be a text/],
    [file({ owner: "a:b" }), /owner: must be the name of an account/],
    [file({ owner: "-x" }), /owner: must be/],
    [file({ content: "a\0b" }), /content: must be text without NUL/],
    [file({ content: undefined }), /content: is required/],
    [file({ content: "é".repeat(600_000) }), /content: must be text .* it has 1200000 bytes/],
    [{ ...file({}), secrets: { files: { "/etc/motd": "x" } } }, /content: is given twice/],
    [{ ...file({}), secrets: { files: { "/etc/x": "x" } } }, /files: has no file \/etc\/x/],
    [
      { provision: { files: [file, file].map(() => ({ path: "/etc/a", content: "" })) } },
      /files\[1\]\.path: is listed twice, first at \[0\]/,
    ],
    [{ provision: { packages: ["less=1"] } }, /packages\[0\]: must be a Debian package name/],
    [
      { networks: [], provision: { packages: ["less"] } },
      /packages: come from a mirror, and this machine has no network/,
    ],
    [
      { provision: { units: [{ name: "../x.service", content: unit }] } },
      /units\[0\]\.name: must be the name of a unit/,
    ],
    [{ provision: { units: [{ name: "-x.service", content: unit }] } }, /units\[0\]\.name: must be the name of a unit/],
    [{ provision: { units: [{ name: "x", content: unit }] } }, /units\[0\]\.name: must be the name of a unit/],
    [{ provision: { units: [{ name: "x.service", content: "ExecStart=x" }] } }, /content: must be a unit as systemd/],
    [{ provision: { units: [{ name: "x@.service", content: unit }] } }, /enable: must be false for a template/],
    [
      {
        provision: {
          units: [{ name: "x.service", content: unit }],
          files: [{ path: "/etc/systemd/system/x.service", content: unit }],
        },
      },
      /units\[0\]\.name: is also written by provision\.files\[0\]/,
    ],
    [{ provision: { commands: [""] } }, /commands\[0\]: must be a text for sh/],
    [{ provision: { commands: [[]] } }, /commands\[0\]: must have 1 to/],
    [{ provision: { commands: [["", "x"]] } }, /commands\[0\]\[0\]: must be the name of a program/],
    [{ provision: { commands: [7] } }, /commands\[0\]: must be a text for sh, or a list/],
    [{ provision: { command: ["x"] } }, /provision\.command: is not an argument; did you mean "commands"\?/],
    [user({ name: "root" }), /users\[0\]\.name: .*root's keys and password/],
    [user({ name: "Ann" }), /users\[0\]\.name: must be the name of a user/],
    [user({ name: "-a" }), /users\[0\]\.name: must be/],
    [user({ name: "a.b" }), /users\[0\]\.name: must be/],
    [user({ shell: "bash" }), /shell: must be the absolute path/],
    [user({ shell: "/bin/../x" }), /shell: must be the absolute path/],
    [user({ groups: ["a,b"] }), /groups\[0\]: must be the name of a group/],
    [user({ authorizedKeys: ["ssh-ed25519 AAAA"] }), /authorizedKeys\[0\]: must be one line/],
    [{ users: [{ name: "ann" }, { name: "ann" }] }, /users\[1\]\.name: is listed twice/],
    [{ users: [], secrets: { passwords: { ann: hash } } }, /users: has no user ann/],
    [{ ephemeral: true, ...user({}) }, /^users: is made once, and ephemeral: true discards it/],
    [{ ephemeral: true, provision: {} }, /^provision: is made once, and ephemeral: true discards it/],
  ])("refuse %j", (changes, message) => expect(one(changes)).toMatch(message));

  it("show no secret in what they refuse, and tell all problems at once", () => {
    const said = refused({
      users: [{ name: "ann" }],
      provision: { files: [{ path: "/etc/s" }, { path: "x", content: "y" }] },
      secrets: { passwords: { ann: "plain canary" }, files: { "/etc/s": `canary\0` } },
    });
    expect(said).toEqual([
      expect.stringMatching(/^provision\.files\[1\]\.path: /),
      expect.stringMatching(/^secrets\.files\["\/etc\/s"\]: must be text .*\(value hidden\)$/),
      expect.stringMatching(/^secrets\.passwords\.ann: must be a hash of crypt\(5\) .*\(value hidden\)$/),
    ]);
    expect(said.join()).not.toContain("canary");
  });

  it("have 8 MiB at most in all", () => {
    const files = Array.from({ length: 9 }, (_, index) => ({
      path: `/etc/${index}`,
      content: "x".repeat(1024 * 1024),
    }));
    expect(one({ provision: { files } })).toMatch(/^provision: must have 8388608 bytes at most in all \(got 9437/);
  });
});
