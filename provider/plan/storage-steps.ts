import type { HostArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { factAs } from "../model/fact/fact-as";
import { machinesMount, storagePackage, unitFile } from "../model/paths";
import { bytesOf } from "../model/rule/storage";
import type { Draft } from "./draft";
import type { Step } from "./step";

interface StorageSteps {
  /** Before anything changes. */
  first: Step[];
  /** With the other files. */
  files: Step[];
  /** When the mount's unit is there. */
  then: Step[];
  /** After the change is complete. */
  last: Step[];
}

/** Makes and grows what holds the trees of machines, or sees to it that nothing is lost where nothing is to hold them. */
export function storageSteps(draft: Draft, { storage }: HostArgs, desired: Desired): StorageSteps {
  if (storage === undefined || storage.type === "directory") {
    return { first: [{ verb: "no_storage" }], files: [], then: [], last: [{ verb: "storage_left" }] };
  }
  const bytes = storage.size === undefined ? "-" : bytesOf(storage.size);
  const then: Step[] = [{ verb: "storage", bytes }];
  if (storage.type === "btrfs") return { first: [{ verb: "storage_fits", bytes }], files: [], then, last: [] };
  const path = unitFile(machinesMount);
  const mount: Step = { verb: "storage_mount", path, text: draft.text(desired.files[path] ?? "") };
  return { first: [{ verb: "choose_storage", bytes }], files: [mount], then, last: [] };
}

/** What is wanted whatever the host chooses. */
export function beyondChoice({ storage }: HostArgs, desired: Desired): Desired {
  if (storage?.type !== "auto") return desired;
  const { boot, live } = desired;
  const less = (fact: Desired["boot"][string] | undefined, left: string): Record<string, string> =>
    Object.fromEntries(Object.entries(factAs.named(fact)).filter(([name]) => name !== left));
  return {
    ...desired,
    files: Object.fromEntries(Object.entries(desired.files).filter(([path]) => path !== unitFile(machinesMount))),
    boot: { ...boot, units: less(boot.units, machinesMount), packages: less(boot.packages, storagePackage) },
    live: { ...live, units: less(live.units, machinesMount) },
  };
}
