import type { HostArgs } from "../model/args";
import { machinesDirectory, machinesFile, machinesMount, storagePackage, unitFile } from "../model/paths";
import type { DesiredDraft } from "./desired";
import { ini } from "./ini";

/** systemd.mount(5). Units of machines ask for what is mounted where their trees are (RequiresMountsFor=, systemd.unit(5)). */
const mount = ini([
  ["Unit", { Description: "Machines' trees, on a btrfs file system in a file", ConditionPathExists: machinesFile }],
  [
    "Mount",
    // What is deleted there is given back to the disk that the file is on.
    { What: machinesFile, Where: machinesDirectory, Type: "btrfs", Options: "loop,noatime,discard=async" },
  ],
  ["Install", { WantedBy: "local-fs.target" }],
]);

type Parts = Required<Pick<DesiredDraft, "files" | "live">> &
  Record<"packages" | "enabled" | "active", Record<string, string>>;

const nothing: Parts = { files: {}, packages: {}, enabled: {}, active: {}, live: {} };

const btrfs: Parts = {
  files: { [unitFile(machinesMount)]: mount },
  packages: { [storagePackage]: "installed" },
  enabled: { [machinesMount]: "enabled" },
  active: { [machinesMount]: "active" },
  live: {},
};

const kinds: Record<NonNullable<HostArgs["storage"]>["type"], Parts> = {
  directory: nothing,
  btrfs,
  // Where the host chooses a directory, none of it is missed (observe/storage-choice.ts).
  auto: { ...btrfs, live: { storage: "as the host chose" } },
};

/** What holds the trees of machines; an unknown one is as none. */
export const storageParts = (asked: HostArgs["storage"]): Parts =>
  asked !== undefined && Object.hasOwn(kinds, asked.type) ? kinds[asked.type] : nothing;
