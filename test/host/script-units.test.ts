import { hostLibrary } from "../../provider/host/program";
import { hostFile } from "../../provider/host/files";
import { spawnSync } from "node:child_process";
import { asRoot } from "../support/run-script";

const units = hostFile("steps/units.sh");

jest.setTimeout(60_000);

/** The library, real units files and a real systemctl, which without PID 1 changes files alone. */
const frame = String.raw`
set -eu
${hostLibrary()}
for folder in /etc/systemd /run /opt /usr/lib/systemd/system; do mount -t tmpfs tmpfs $folder; done
export SYSTEMD_OFFLINE=1
DIR=/run/dir MINE=/run/mine MODE=program TAB="$(printf '\t')" CHANGED=""
mkdir -p "$DIR" "$MINE" /etc/systemd/system /run/systemd/system; : >$MINE/units
systemctl() {
  case "$*" in
    *is-active* | *stop* | *start*) ;;
    show*) echo active; command systemctl is-enabled "${"$"}{7:-$6}" 2>/dev/null || echo ;;
    is-enabled*) command systemctl "$@" ;;
    *) command systemctl -q "$@" ;;
  esac
}
put() { mkdir -p "${"$"}{1%/*}"; printf "$2" >"$1"; }
put /usr/lib/systemd/system/net.service '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\nAlias=other.service\nAlso=net.socket\n'
put /usr/lib/systemd/system/net.socket '[Socket]\nListenStream=/run/x\n[Install]\nWantedBy=sockets.target\n'
put /usr/lib/systemd/system/static.service '[Service]\nExecStart=/bin/true\n'
put /usr/lib/systemd/system/indirect.service '[Service]\nExecStart=/bin/true\n[Install]\nAlso=net.socket\n'
put /usr/lib/systemd/system/graphical.target '[Unit]\nDescription=Graphical\n'
put /opt/far.service '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n'
${units}
states() {
  for unit in net.service net.socket static.service indirect.service far.service; do command systemctl is-enabled $unit 2>/dev/null || :; done
  find /etc/systemd/system /run/systemd/system -type l -printf '%p %l\n' | sort
}
there_and_back() { # UNIT
  states >/run/before
  step_unit "$1" enabled -
  command systemctl is-enabled "$1" || :
  restore_units -
  states | diff /run/before - && echo same
}
`;

function shell(text: string): string {
  const spaces = ["--mount", "--pid", "--fork", "--propagation", "private"];
  const { stdout, stderr, status } = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], {
    encoding: "utf8",
  });
  return `${stdout}${status === 0 ? "" : `${status}: ${stderr}`}`;
}

asRoot("a unit (needs root: a mount namespace)", () => {
  test.each([
    ["disabled", ":", "net"],
    ["enabled", "command systemctl -q enable net.service", "net"],
    ["enabled-runtime", "command systemctl -q enable --runtime net.service", "net"],
    ["disabled, what it enables along is enabled", "command systemctl -q enable net.socket", "net"],
    ["masked", "command systemctl -q mask net.service", "net"],
    ["masked-runtime", "command systemctl -q mask --runtime net.service", "net"],
    ["linked", "command systemctl -q link /opt/far.service", "far"],
    ["linked-runtime", "command systemctl -q link --runtime /opt/far.service", "far"],
    ["enabled for a target of its own", "command systemctl -q add-wants graphical.target net.service", "net"],
    [
      "enabled-runtime by a link of a generator's own",
      "mkdir -p /run/systemd/system/network-online.target.wants; ln -s /lib/systemd/system/net.service /run/systemd/system/network-online.target.wants/net.service",
      "net",
    ],
  ])("that was %s is enabled, and is that again afterwards", (_state, before, name) => {
    expect(shell(`${before}; there_and_back ${name}.service`)).toBe("enabled\nsame\n");
  });

  test.each(["static", "indirect"])("that was %s is so afterwards", (name) => {
    expect(shell(`there_and_back ${name}.service`)).toMatch(/\nsame\n$/);
  });

  it("that was masked until the next boot is not so after it", () => {
    const boot = "this_boot() { echo other; }; rm -r /run/systemd/system; mkdir -p /run/systemd/system";
    const before =
      "command systemctl -q add-wants graphical.target net.service; command systemctl -q mask --runtime net.service";
    expect(
      shell(
        `${before}; step_unit net.service enabled -; ${boot}; restore_units -; states | sed 's,.*graphical.*,kept,'`,
      ),
    ).toBe("enabled\ndisabled\nstatic\nindirect\nkept\n");
  });

  it("that a version before remembered by words is put back by them", () => {
    const before = "command systemctl -q enable net.service; printf 'net.service\\tactive\\tmasked\\t\\n' >$MINE/units";
    expect(shell(`${before}; restore_units -; command systemctl is-enabled net.service || :`)).toBe("masked\n");
  });

  it("is not linked over a file that somebody has put there since", () => {
    const before = "command systemctl -q link /opt/far.service; step_unit far.service enabled -";
    const file = "rm /etc/systemd/system/far.service; cp /opt/far.service /etc/systemd/system/far.service";
    expect(shell(`${before}; ${file}; restore_units -; stat -c %F /etc/systemd/system/far.service`)).toBe(
      "regular file\n",
    );
  });
});
