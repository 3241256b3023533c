import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary } from "../../provider/host/program";
import { hostText } from "../../provider/host/text";
import { asRoot } from "../support/run-script";

jest.setTimeout(60_000);

/** Units are files of /run/units that hold their state, machines files of /run/guests with theirs; a stop is told. */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run; mkdir -p /run/units /run/guests /run/trees /run/systemd/nspawn/unix-export
cat >/run/systemctl <<'END'
state() { cat "/run/units/$1" 2>/dev/null || echo inactive; }
case "$1" in
  -q) [ "$(state "$3")" = active ] ;;
  is-active) state "$2"; [ "$(state "$2")" = active ] ;;
  --machine=*) cat "/run/guests/$\{1#--machine=}" 2>/dev/null || exit 1 ;;
  *) echo "systemctl $*" ;;
esac
END
mkdir /run/bin; { echo '#!/bin/sh'; sed 's/\$\\{/\${/' /run/systemctl; } >/run/bin/systemctl; chmod +x /run/bin/systemctl
printf '#!/bin/sh\ncat "/run/registered/$2"\n' >/run/bin/machinectl
printf '#!/bin/sh\necho "busctl $*"\n' >/run/bin/busctl
chmod +x /run/bin/*; mkdir /run/registered
PATH=/run/bin:$PATH
is() { echo "$2" >"/run/units/systemd-nspawn@$1.service"; }
inside() { echo "$2" >"/run/guests/$1"; }
`;

const run = (text: string): string => {
  const { stdout, stderr } = spawnSync("unshare", ["--mount", "--propagation", "private", "dash", "-c", text], {
    encoding: "utf8",
  });
  return `${stdout}${stderr}`.trim();
};

const steps = (text: string): string =>
  run(`${frame}
${hostLibrary()}
say() { :; }
warn() { echo "warning: $1"; }
run() { "$@"; }
${hostFile("steps/machine.sh")}
TREES=/run/trees
${text}`);

asRoot("a machine that comes back by itself (needs root: a mount namespace)", () => {
  test.each([
    ["active", "stop"],
    ["activating", "stop"],
    ["deactivating", "stop"],
    ["failed", ""],
    ["inactive", ""],
  ])("is stopped where its program has it stopped, when it is %s: %s", (state, verb) =>
    expect(steps(`is web ${state}; step_machine web no`)).toBe(
      verb === "" ? "" : `systemctl ${verb} systemd-nspawn@web.service`,
    ),
  );

  it("is warned of where it waits for a name that nobody has", () => {
    const said = steps("mkdir /run/trees/db; step_start_after 'db cache'");
    expect(said).toBe(
      "warning: startAfter: there is no machine cache on this host, so nothing is waited for until there is",
    );
  });
});

asRoot("what a machine's unit runs before a start (needs root: a mount namespace)", () => {
  /** With a day that passes in no time. */
  const clock = "sleep() { echo x >>/run/slept; }; date() { echo $(($(wc -l </run/slept) * 20)); }; : >/run/slept\n";
  const start = (before: string, ...words: string[]): string =>
    run(
      `${frame}\n${before}\n${clock}set -- ${words.join(" ")}\n${hostText("start.sh")}\necho "started after $(wc -l </run/slept)"`,
    );

  test.each([
    ["of which one is not there", "is db active; inside db running", ["web", "db", "cache"], "started after 0"],
    ["that are stopped", "is db inactive; inside db running", ["web", "db"], "started after 0"],
    ["that run with a failed unit", "is db active; inside db degraded", ["web", "db"], "started after 0"],
    ["of none", "", ["web"], "started after 0"],
  ])("waits for nothing after machines %s", (_, before, words, said) => expect(start(before, ...words)).toBe(said));

  it("waits for those that are starting, for a minute in all, and goes on", () => {
    const said = start(
      "is db active; inside db starting; is cache active; inside cache starting",
      "web",
      "db",
      "cache",
    );
    expect(said).toBe(
      [
        "started after 3",
        "db is not running after 60 s; starting without it",
        "cache is not running after 60 s; starting without it",
      ].join("\n"),
    );
  });

  it("stops to wait for one that ends", () => {
    const ends = "sleep() { is db failed; echo x >>/run/slept; }\n";
    expect(
      run(`${frame}\nis db active; inside db starting\n${clock}${ends}set -- web db\n${hostText("start.sh")}`),
    ).toBe("");
  });

  it("makes systemd-machined let go of it, and of nobody else's machine", () => {
    const registered = (unit: string): string =>
      run(`${frame}\necho ${unit} >/run/registered/web; set -- web\n${hostText("start.sh")}`);
    expect(registered("systemd-nspawn@web.service")).toMatch(/^busctl -q call .* UnregisterMachine s web$/);
    expect(registered("machine-web.scope")).toBe("");
  });

  it("frees what an end has left that systemd-nspawn knew nothing of", () => {
    const place = "/run/systemd/nspawn/unix-export/web";
    const left = `mkdir ${place} ${place}2; mount -t tmpfs tmpfs ${place}`;
    expect(run(`${frame}\n${left}; set -- web\n${hostText("start.sh")}\nls /run/systemd/nspawn/unix-export`)).toBe(
      "web2",
    );
  });
});
