import type { HostArgs } from "../../provider/model/args";
import { settingConflicts } from "../../provider/observe/settings/setting-conflicts";
import { desiredHost } from "../../provider/render/desired-host";
import { common } from "../support/arguments";
import { factsOf } from "./facts-of";

const desired = desiredHost({
  ...common("host", "one"),
  ...{ packages: [], sysctls: { "vm.swappiness": "10" }, resolved: true },
} as unknown as HostArgs);

function told(...lines: [path: string, key: string, value: string][]): string[] {
  const facts = factsOf(desired, "k");
  facts.settings = lines.map(([path, key, value]) => ({ path, section: "", key, value }));
  return settingConflicts({ desired, key: "k" }, facts);
}

describe("settings of others that ours win over", () => {
  const ours = "is read before /etc/sysctl.d/60-pulumi-nspawn.conf, which sets 10: ours counts; say it in one place";
  test.each([
    ["/etc/sysctl.d/10-vm.conf", "vm.swappiness"],
    ["/run/sysctl.d/10-vm.conf", "vm/swappiness"],
    ["/usr/lib/sysctl.d/50-default.conf", "-vm.swappiness"],
  ])("are told, with the file: %s", (path, key) => {
    expect(told([path, key, " 60"])).toEqual([`${path} sets vm.swappiness = 60, and ${ours}`]);
  });

  it("are told of a hardening switch that the library's own turns back", () => {
    expect(told(["/etc/sysctl.d/10-hardening.conf", "net.ipv4.ip_forward", "0"])).toEqual([
      expect.stringMatching(/^\/etc\/sysctl\.d\/10-hardening\.conf sets net\.ipv4\.ip_forward = 0, .* sets 1: ours/),
    ]);
  });

  it("are told of the file that sysctl(8) alone reads, and reads last", () => {
    expect(told(["/etc/sysctl.conf", "vm.swappiness", "60"])).toEqual([
      expect.stringMatching(/^\/etc\/sysctl\.conf sets vm\.swappiness = 60, .*`sysctl --system` does, after ours/),
    ]);
  });

  test.each<[string, [string, string, string][]]>([
    ["the same value", [["/etc/sysctl.d/10-vm.conf", "vm.swappiness", "10"]]],
    ["another setting", [["/etc/sysctl.d/10-vm.conf", "vm.dirty_ratio", "5"]]],
    ["a limit, which is raised", [["/etc/sysctl.d/10-fs.conf", "fs.inotify.max_user_watches", "4194304"]]],
    ["what is read later, an override", [["/etc/sysctl.d/99-vm.conf", "vm.swappiness", "60"]]],
    [
      "a file that another hides",
      [
        ["/usr/lib/sysctl.d/50-x.conf", "vm.swappiness", "60"],
        ["/etc/sysctl.d/50-x.conf", "vm.swappiness", "10"],
      ],
    ],
  ])("are no word when it is %s", (_what, lines) => expect(told(...lines)).toEqual([]));
});
