import type { Desired } from "../model/desired";
import { machinesMount, storagePackage, unitFile } from "../model/paths";
import type { Facts } from "./facts/facts";

const ofStorage = [machinesMount, storagePackage, unitFile(machinesMount)];

/** Whether this belongs to a file system for machines, which the host was free to make, and did not. */
export function isOfStorageNotChosen(name: string, { live }: Desired, { hasStorageFile, files }: Facts): boolean {
  const chose = hasStorageFile || files.has(unitFile(machinesMount));
  return live.storage !== undefined && !chose && ofStorage.includes(name);
}
