import type { HostArgs } from "../model/args";
import { bytesOf } from "../model/rule/storage";
import type { Step } from "./step";

interface StorageSteps {
  /** Before anything changes. */
  first: Step[];
  /** When the mount's unit is there. */
  then: Step[];
  /** After the change is complete. */
  last: Step[];
}

/** Makes and grows what holds the trees of machines, or sees to it that nothing is lost where nothing is to hold them. */
export function storageSteps({ storage }: HostArgs): StorageSteps {
  if (storage?.type !== "btrfs") return { first: [{ verb: "no_storage" }], then: [], last: [{ verb: "storage_left" }] };
  const bytes = storage.size === undefined ? "-" : bytesOf(storage.size);
  return { first: [{ verb: "storage_fits", bytes }], then: [{ verb: "storage", bytes }], last: [] };
}
