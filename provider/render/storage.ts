import type { HostArgs } from "../model/args";
import { machinesDirectory, machinesFile, machinesMount, unitFile } from "../model/paths";
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

type Parts = Required<Pick<DesiredDraft, "files">> & Record<"packages" | "enabled" | "active", Record<string, string>>;

const nothing: Parts = { files: {}, packages: {}, enabled: {}, active: {} };

const kinds: Record<NonNullable<HostArgs["storage"]>["type"], Parts> = {
  directory: nothing,
  btrfs: {
    files: { [unitFile(machinesMount)]: mount },
    packages: { "btrfs-progs": "installed" },
    enabled: { [machinesMount]: "enabled" },
    active: { [machinesMount]: "active" },
  },
};

/** What holds the trees of machines; an unknown one is as none. */
export const storageParts = (asked: HostArgs["storage"]): Parts =>
  asked !== undefined && Object.hasOwn(kinds, asked.type) ? kinds[asked.type] : nothing;
