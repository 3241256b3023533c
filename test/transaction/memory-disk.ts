/** What stands on the host's disk, as far as the transaction knows of it. */

/** owners/KEY */
export interface OwnerFolder {
  record: string;
  files: Set<string>;
}

/** transactions/KEY */
export interface Transaction {
  key: string;
  /** Who is at work on it. */
  unit: number;
  token: string;
  /** What stood at the paths that the change is about; `undefined` was absent. */
  before: Map<string, string | undefined>;
  owner: OwnerFolder | undefined;
  /** Links that the change asks networkd for. */
  links: string[];
  /** The network as it was; only of a change that has to be confirmed. */
  net?: string;
  mark?: "applied" | "confirmed" | "expired";
  /** Somebody changed one of its files by hand meanwhile. */
  edited: boolean;
}

export interface Disk {
  files: Map<string, string>;
  owners: Map<string, OwnerFolder>;
  transactions: Map<string, Transaction>;
  /** Whether the unit that puts back at boot is enabled. */
  guard: boolean;
  full: boolean;
}

export function emptyDisk(): Disk {
  return { files: new Map(), owners: new Map(), transactions: new Map(), guard: false, full: false };
}

export function copyOf(folder: OwnerFolder | undefined): OwnerFolder | undefined {
  return folder && { record: folder.record, files: new Set(folder.files) };
}

/** `file` entries of a record. */
export function filesIn(record: string): string[] {
  return record.split("\n").flatMap((line) => (line.startsWith("file\t") ? [line.slice(5)] : []));
}

export function ownerIn(record: string): string {
  return /^owner\t(.*)$/m.exec(record)?.[1] ?? "";
}
