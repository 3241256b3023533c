import { spawnSync } from "node:child_process";
import type { MachineArgs } from "../../provider/model/args";
import { hostFile } from "../../provider/host/files";
import { hostLibrary, provisionVariable } from "../../provider/host/program";
import { Draft } from "../../provider/plan/draft";
import { provisionSteps } from "../../provider/plan/provision-steps";
import { asRoot } from "../support/run-script";
import { hostKeyText, machineArgs } from "../support/sample";

jest.setTimeout(120_000);

/**
 * The machine is the place itself: a mount namespace with an /etc, a /home, a /root and a /run of its own. What its service manager
 * is asked for runs at once, as systemd-run says it; systemctl is told.
 */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run; mkdir -p /run/own /run/bin /run/texts /run/mine
cp -a /etc /run/own/etc; mount --bind /run/own/etc /etc
mount -t tmpfs tmpfs /home; mount -t tmpfs tmpfs /root; rm -f /etc/nologin; mkdir -p /etc/sudoers.d
cat >/run/bin/systemd-run <<'END'
#!/bin/sh
while [ "$1" != -- ]; do
  case $1 in --wait | --pipe | --collect | -q) ;; --unit=*) echo "sent $1" >/dev/null ;; esac
  shift
done
shift
[ "$1 $2" = "/bin/sh -c" ] || exit 99
text=$(printf %s "$3" | sed 's/\$\$/$/g')
shift 3
exec /bin/sh -c "$text" "$@"
END
printf '#!/bin/sh\necho "systemctl $*" >>/run/told\n[ ! -e /run/broken ] || [ "$1" != restart ]\n' >/run/bin/systemctl
printf '#!/bin/sh\n' >/run/bin/loginctl
printf '#!/bin/sh\n' >/run/bin/sudo
chmod +x /run/bin/*
: >/run/told
`;

/** Each of them one program, in the order given; with shell text in between. */
function done(...attempts: (Partial<MachineArgs> | string)[]): string {
  const programs = attempts.map((attempt, index) => {
    if (typeof attempt === "string") return attempt;
    const draft = new Draft();
    const args = machineArgs(attempt);
    const [step] = provisionSteps(draft, args, true);
    const { texts } = draft.program(1);
    const written = Object.entries(texts).map(
      ([name, text]) => `printf %s '${Buffer.from(text).toString("base64")}' | base64 -d >"$DIR/texts/${name}"\n`,
    );
    const list = (step as { list: string }).list;
    return `DIR=/run/dir${index}; mkdir -p $DIR/texts; ${written.join("")} FAILED="" PROVISION_READY=""; step_provision web ${list}\n`;
  });
  const text = `${frame}
${provisionVariable()}
${hostLibrary()}
say() { echo "say: $1"; }
warn() { echo "warning: $1"; }
fail_later() { FAILED=soft; echo "$1: $2"; }
has_bus() { :; }
step_await_ready() { :; }
nothing_of_ours_runs_in() { :; }
${hostFile("steps/provision.sh")}
MINE=/run/mine
PATH=/run/bin:$PATH
PROVISION_SH=$(printf '%s\\n' "$PROVISION_SH" | sed 's,^PATH=,PATH=/run/bin:,')
${programs.join("\n")}`;
  const { stdout, stderr } = spawnSync("unshare", ["--mount", "--propagation", "private", "dash", "-c", text], {
    encoding: "utf8",
  });
  return `${stdout}${stderr}`.trim();
}

const show = (command: string): string => `echo "$(${command})" 2>&1`;
const file = { path: "/etc/app/a b.conf", content: "one\n", mode: "0640", owner: "root" };

asRoot("what a machine's root does in it (needs root: a mount namespace)", () => {
  it("makes files with their mode and owner, once, and again when one of them changes", () => {
    const other = { ...file, path: "/etc/app/other", mode: "0600", owner: "daemon" };
    const files = [file, other];
    const said = done(
      { provision: { files } },
      show('stat -c "%a %U %G" /etc/app/*; cat "/etc/app/a b.conf"; ls -A /etc/app | wc -l'),
      "echo by hand >/etc/app/other",
      { provision: { files } },
      show("cat /etc/app/other"),
      { provision: { files: [file, { ...other, content: "two\n" }] } },
      show("cat /etc/app/*; cut -f 3 /run/mine/provisioned; stat -c %a /run/mine"),
    );
    expect(said.split("\n")).toEqual([
      "say: writing files in the machine",
      ...["640 root root", "600 daemon daemon", "one", "2"],
      "by hand",
      "say: writing files in the machine",
      ...["one", "two", "file /etc/app/a b.conf", "file /etc/app/other", "755"],
    ]);
  });

  it("takes a file back that nobody has changed since, and says which it leaves", () => {
    const files = [file, { ...file, path: "/etc/app/mine" }];
    const said = done(
      { provision: { files } },
      "echo mine >/etc/app/mine",
      {},
      show("ls /etc/app; cat /run/mine/provisioned"),
    );
    expect(said.split("\n").slice(1)).toEqual([
      "say: writing files in the machine",
      "warning: in the machine web: /etc/app/mine is not declared any more, was changed in the machine, and is left there",
      "mine",
    ]);
  });

  it("writes units, and starts them again when they change", () => {
    const unit = { name: "a.service", content: "[Service]\nExecStart=/bin/true\n", enable: true };
    const said = done(
      { provision: { units: [unit] } },
      { provision: { units: [unit, { ...unit, name: "b.service", enable: false }] } },
      {},
      show(
        "grep -v -e --machine= /run/told; ls /etc/systemd/system/a.service /etc/systemd/system/b.service 2>/dev/null || echo gone",
      ),
    );
    const reload = "systemctl daemon-reload";
    expect(said.split("\n").filter((line) => !line.startsWith("say"))).toEqual([
      ...[reload, "systemctl enable a.service", "systemctl restart a.service", reload],
      ...[reload, "systemctl disable b.service", "systemctl stop b.service", reload],
      ...[reload, "systemctl disable --now a.service", "systemctl disable --now b.service", reload, "gone"],
    ]);
  });

  it("runs commands once for each content of all, words as they are", () => {
    const commands = ["echo one $HOME >>/root/ran", ["sh", "-c", 'echo "$0" "$1" >>/root/ran', "it's", "$HOME `id`"]];
    const said = done(
      { provision: { commands } },
      { provision: { commands } },
      show("cat /root/ran"),
      { provision: { commands: [commands[0]!], files: [file] } },
      show("cat /root/ran"),
    );
    const ran = ["one /root", "it's $HOME `id`"];
    expect(said.split("\n").filter((line) => !line.startsWith("say"))).toEqual([...ran, ...ran, "one /root"]);
  });

  it("ends at a command that fails, with its last words, and goes on with it", () => {
    const commands = ["echo one >>/root/ran", "echo; seq 1 5000; echo on fire >&2; exit 7", "echo three >>/root/ran"];
    const mended = [commands[0]!, "echo two >>/root/ran", commands[2]!];
    const said = done(
      { provision: { commands } },
      show("cat /root/ran"),
      { provision: { commands: mended } },
      { provision: { commands: mended } },
      show("cat /root/ran"),
    );
    expect(said).toMatch(
      /NSPAWN_PROVISION: provision\.commands\[1\]: it failed inside the machine web \(exit code 7\); its last words: .*4999\n5000\non fire; correct it/s,
    );
    expect(said.length).toBeLessThan(6000);
    expect(said.split("\n").slice(-5)).toEqual([
      "say: running command 2 of 3 in the machine",
      "say: running command 3 of 3 in the machine",
      ...["one", "two", "three"],
    ]);
  });

  it("goes no further than what has failed, and remembers nothing of it", () => {
    const files = [{ ...file, owner: "nobody-at-all" }];
    const said = done(
      { provision: { files, commands: ["echo ran >/root/ran"] } },
      show(
        "cut -f 3 /run/mine/provisioned; ls -A /etc/app; ls /root/ran 2>/dev/null || echo not run; ls -d /run/pulumi-nspawn.* 2>/dev/null || echo no room left",
      ),
    );
    expect(said).toMatch(
      /^NSPAWN_PROVISION: provision\.files: .*nobody-at-all.*this was for \/etc\/app\/a b\.conf; correct/ms,
    );
    expect(said.split("\n").slice(-2)).toEqual(["not run", "no room left"]);
  });

  it("makes users, who log in by key, and locks those that go", () => {
    const ann = { name: "ann", authorizedKeys: [hostKeyText], groups: ["crew"], shell: "/bin/sh", sudo: true };
    const hash = `$6$salt$${"x".repeat(86)}`;
    const state =
      "getent passwd ann | cut -d : -f 1,6,7; id -Gn ann; getent shadow ann | cut -d : -f 2,8; ls /etc/sudoers.d | grep ann || echo no sudo; cat /home/ann/.ssh/authorized_keys 2>/dev/null || echo no key; cat /home/ann/data 2>/dev/null || :";
    const said = done(
      { users: [ann], secrets: { passwords: { ann: hash } } },
      show(state),
      show("stat -c '%a %U' /home/ann/.ssh /home/ann/.ssh/authorized_keys /etc/sudoers.d/pulumi-nspawn-ann"),
      "echo data >/home/ann/data",
      { users: [{ ...ann, groups: [], sudo: false }] },
      show(state),
      {},
      show(state),
      { users: [ann] },
      show(state),
    );
    const [account, key] = ["ann:/home/ann:/bin/sh", hostKeyText];
    expect(said.split("\n").filter((line) => !line.startsWith("say"))).toEqual([
      ...[account, "ann crew", `${hash}:`, "pulumi-nspawn-ann", key],
      ...["700 ann", "600 ann", "440 root"],
      ...[account, "ann", "*:", "no sudo", key, "data"],
      ...[account, "ann", "!*:1", "no sudo", "no key", "data"],
      ...[account, "ann crew", "*:", "pulumi-nspawn-ann", key, "data"],
    ]);
  });

  it("makes no user of an account of the system, and none without its shell", () => {
    const user = { authorizedKeys: [], shell: "/bin/sh", sudo: false };
    expect(done({ users: [{ ...user, name: "daemon" }] })).toMatch(
      /users: .*daemon is an account of the machine's own system/,
    );
    expect(done({ users: [{ ...user, name: "ann", shell: "/bin/fish" }] })).toMatch(
      /users: .*the machine has no shell \/bin\/fish/,
    );
  });

  it("follows no link of a user with the keys of root", () => {
    const ann = { name: "ann", authorizedKeys: [hostKeyText], shell: "/bin/sh", sudo: false };
    const said = done(
      { users: [ann] },
      "rm -rf /home/ann/.ssh; ln -s /root/.ssh /home/ann/.ssh; mkdir -p /root/.ssh; : >/root/.ssh/authorized_keys",
      { users: [{ ...ann, shell: "/bin/bash" }] },
      show("wc -c </root/.ssh/authorized_keys"),
    );
    expect(said).toContain("NSPAWN_PROVISION: users:");
    expect(said.split("\n").at(-1)).toBe("0");
  });

  it("goes along with a machine that moves, and is not done again", () => {
    const commands = ["echo ran >>/root/ran"];
    const told = hostFile("steps/move.sh");
    const said = done(
      { provision: { commands } },
      `${told}
OWNERS=/run TREES=/run/trees LIBRARY=/run/library; frame() { sed -n "s/^provisioned\t//p" "$3" | base64 -d >/run/sent; }
step_whereabouts mine web; mkdir -p /run/new /run/trees; MINE=/run/new; cp /run/sent $DIR/texts/before; step_provisioned before`,
      { provision: { commands } },
      show("cmp /run/mine/provisioned /run/new/provisioned && cat /root/ran"),
      "echo x >$DIR/texts/before; step_provisioned before",
      { provision: { commands } },
      show("cat /root/ran"),
    );
    expect(said.split("\n")).toEqual(["say: running command 1 of 1 in the machine", "ran", "ran"]);
  });
});
