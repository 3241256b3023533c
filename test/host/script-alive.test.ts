import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary } from "../../provider/host/program";
import { parseLife } from "../../provider/observe/life/parse-life";
import { asRoot } from "../support/run-script";

/** What systemctl says of three units, one of which nobody knows; and what checks have written. */
const frame = String.raw`
set -eu
mount -t tmpfs tmpfs /run; mkdir -p /run/dir/texts /run/pulumi-nspawn-health; DIR=/run/dir
${hostLibrary()}
say() { :; }
frame() { [ "$1 $2" = "result life" ] && cat "$3"; }
systemctl() { echo "$*" >/run/asked; cat <<'END'
MemoryCurrent=52428800
Id=systemd-nspawn@web.example.service
ActiveState=active
ActiveEnterTimestampMonotonic=1000000

ActiveState=inactive
Id=systemd-nspawn@db-1.service
MemoryCurrent=[not set]
ActiveEnterTimestampMonotonic=0
END
}
health() { printf 'run ab\nstate %s\nsince 1764600000\nchecked 1764600000\nfailures 1\nretries 3\nrestarts 0\nrestarted 0\nwhy %s\n' "$2" "$3" >"/run/pulumi-nspawn-health/$1"; }
printf 'web.example\ndb-1\n' >/run/dir/texts/names
${hostFile("steps/quota.sh")}${hostFile("steps/life.sh")}
`;

function shell(text: string): string {
  const argv = ["--mount", "--propagation", "private", "dash", "-c", `${frame}\n${text}`];
  const { stdout, stderr } = spawnSync("unshare", argv, { encoding: "utf8" });
  return stdout === "" ? stderr : stdout;
}

asRoot("how machines are (needs root: a mount namespace)", () => {
  test("is asked for all of them at once, and read as it was written", () => {
    const found = parseLife(shell("health web.example failing 'port 80: 127.0.0.1 refuses'; step_life names"));
    expect(found.get("db-1")).toEqual({ unit: "inactive" });
    expect(found.get("web.example")).toMatchObject({
      ...{ unit: "active", memory: 52428800, uptime: expect.any(Number) as number },
      health: { state: "failing", failures: 1, retries: 3, why: "port 80: 127.0.0.1 refuses" },
    });
    expect(shell("step_life names >/dev/null; cat /run/asked").split(" ").slice(-2)).toEqual([
      ...["systemd-nspawn@web.example.service", "systemd-nspawn@db-1.service\n"],
    ]);
  });

  test("has a bound, whatever a check has written", () => {
    const said = shell("health web.example failing \"$(head -c 100000 /dev/zero | tr '\\0' x)\"; step_life names");
    expect(said.length).toBeLessThan(1600);
    expect(parseLife(said).get("web.example")?.health?.state).toBe("failing");
  });

  test("is forgotten with what looked after one", () => {
    const left = shell(
      "health web.example healthy ''; health db-1 healthy ''; forget_health /etc/pulumi-nspawn/health/web.example.sh; ls -A /run/pulumi-nspawn-health; forget_health /etc/pulumi-nspawn/health/db-1.sh; ls -d /run/pulumi-nspawn-health 2>/dev/null || echo none",
    );
    expect(left).toBe("db-1\nnone\n");
  });
});
