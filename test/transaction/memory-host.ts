import { copyOf, emptyDisk, filesIn, type Disk } from "./memory-disk";
import { lethalMtu, MemoryKernel } from "./memory-kernel";
import { Failure, frame, type Unit, type Work } from "./memory-unit";

/**
 * A host in memory, as the steps of programs see it: its disk and its transactions stay when the power goes; units, locks
 * and what the kernel knows do not.
 */
export class MemoryHost {
  disk: Disk = emptyDisk();
  kernel = new MemoryKernel();
  units: Unit[] = [];
  /** Newest issue that was carried out, by key: in /run. */
  newest = new Map<string, number>();
  /** Seconds. */
  now = 0;
  up = true;
  /** Since when nobody comes in; `undefined` while the network is as it should be. */
  cutSince: number | undefined;
  /** Writes of managed files. */
  writes = 0;
  /** Tokens of the changes that stand. */
  readonly committed = new Set<string>();
  /** The managed files of each resource as its last commit, or a hand, left them. */
  readonly whole = new Map<string, string>();

  get admitsNewcomers(): boolean {
    return this.up && !this.kernel.has(lethalMtu.forAll) && !this.kernel.has(lethalMtu.forNewcomers);
  }
  get carriesOpenConnections(): boolean {
    return this.up && !this.kernel.has(lethalMtu.forAll);
  }

  /** The lock of a program that was killed is free before its end has put anything back. */
  *undoDead(unit: Unit): Work {
    for (const { key, unit: id } of [...this.disk.transactions.values()]) {
      if (id !== unit.id && this.units.every((other) => other.id !== id)) yield* this.undo(key);
    }
  }

  /** Puts everything back. May be interrupted and begun again: the copies go last. */
  *undo(key: string): Work {
    yield* this.undoFiles(key, false);
    const transaction = this.disk.transactions.get(key);
    if (transaction === undefined) return;
    if (transaction.net !== undefined) this.kernel.restore(transaction.net);
    for (const link of transaction.links) {
      const before = JSON.parse(transaction.net ?? "[]") as [string][];
      if (!before.some(([name]) => name === link)) this.kernel.links.delete(link);
    }
    this.kernel.answer(this.disk);
    yield;
    if (transaction.net !== undefined && this.kernel.state() !== transaction.net) {
      throw new Failure("NSPAWN_ROLLED_BACK", "not everything could be put back");
    }
    this.disk.transactions.delete(key);
  }

  *undoFiles(key: string, last = true): Work {
    const transaction = this.disk.transactions.get(key);
    if (transaction === undefined) return;
    if (transaction.mark === "applied") transaction.mark = "expired";
    for (const [path, text] of transaction.before) {
      if (text === undefined) this.disk.files.delete(path);
      else this.disk.files.set(path, text);
      yield;
    }
    const owner = copyOf(transaction.owner);
    if (owner === undefined) this.disk.owners.delete(key);
    else this.disk.owners.set(key, owner);
    yield;
    if (last) this.disk.transactions.delete(key);
  }

  commit(unit: Unit): void {
    const transaction = this.disk.transactions.get(unit.keep ?? "");
    if (transaction === undefined) throw new Error("a commit without a transaction");
    this.disk.transactions.delete(transaction.key);
    unit.keep = undefined;
    this.committed.add(transaction.token);
    this.whole.set(transaction.key, this.filesOf(transaction.key));
  }

  /** The managed files of a resource, and who says that they are its own. */
  filesOf(key: string): string {
    const folder = this.disk.owners.get(key);
    const paths = [...(folder?.files ?? [])].sort();
    return JSON.stringify([folder?.record, paths.map((path) => [path, this.disk.files.get(path)])]);
  }

  /** A change by hand: what it leaves is what a rollback has to keep. */
  edit(change: (disk: Disk) => void): void {
    for (const transaction of this.disk.transactions.values()) transaction.edited = true;
    change(this.disk);
    for (const key of this.disk.owners.keys()) {
      if (!this.disk.transactions.has(key)) this.whole.set(key, this.filesOf(key));
    }
  }

  needsRoom(): void {
    if (this.disk.full) throw new Failure("NSPAWN_DISK_FULL", "No space left on device");
  }

  requireLockAndTransaction(unit: Unit, verb: string): void {
    if (!unit.holdsHost) throw new Error(`${verb} without the host's lock`);
    if (unit.keep === undefined) throw new Error(`${verb} outside of a transaction`);
  }

  tellFacts(unit: Unit, key: string): void {
    const known = [...this.disk.owners].filter(([name]) => key === "-" || name === key);
    const records = known.map(([name, { record }]) => `key\t${name}\n${record}`).join("");
    const paths = known.flatMap(([, { record }]) => filesIn(record));
    const files = paths.flatMap((path) => {
      const text = this.disk.files.get(path);
      return text === undefined ? [] : [[path, { type: "file", mode: "0644", uid: 0, gid: 0, text }]];
    });
    unit.tell(frame("result", "facts", JSON.stringify({ ...this.kernel.texts(), records })));
    unit.tell(frame("result", "files", JSON.stringify(files)));
  }
}
