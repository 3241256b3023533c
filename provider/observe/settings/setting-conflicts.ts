import { sysctlFile } from "../../model/paths";
import { yieldingSettings } from "./boot-settings";
import { factAs } from "../../model/fact/fact-as";
import type { Facts } from "../facts/facts";
import type { Subject } from "../subject";

const outsideOfBoot = "/etc/sysctl.conf";

/**
 * What files of others say of kernel settings that a host is given, where ours counts: they are read before it, or, of
 * sysctl(8) alone, not at boot. What is read after ours is an override.
 */
export function settingConflicts({ desired }: Subject, { settings }: Facts): string[] {
  if (desired.live.sysctls === undefined) return [];
  const wanted = new Map(Object.entries(factAs.named(desired.live.sysctls)));
  const own = sysctlFile.slice(sysctlFile.lastIndexOf("/") + 1);
  const atBoot = settings.filter(({ path }) => path.includes("/sysctl.d/"));
  const byHand = settings.filter(({ path }) => path === outsideOfBoot);
  return [
    ...yieldingSettings(own, wanted, atBoot).map(
      ({ path, key, said, value }) =>
        `${path} sets ${key} = ${said}, and is read before ${sysctlFile}, which sets ${value}: ours counts; say it in one place`,
    ),
    ...yieldingSettings(undefined, wanted, byHand).map(
      ({ path, key, said, value }) =>
        `${path} sets ${key} = ${said}, where ${sysctlFile} sets ${value}: no boot of this host reads it, but \`sysctl --system\` does, after ours; say it in one place`,
    ),
  ];
}
