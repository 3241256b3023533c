import { fieldsOf, type Verb } from "../../provider/plan/step";
import { copyOf, filesIn, ownerIn, type OwnerFolder, type Transaction } from "./memory-disk";
import type { MemoryHost } from "./memory-host";
import { Failure, type Unit, type Work } from "./memory-unit";

/** What changes what resources share: only under the host's lock, and only in a transaction. */
const shared = ["guard_link", "file", "prune", "settle", "bridge_up", "only_addresses", "uplink"];

/** The steps of provider/host, each with a boundary wherever a crash would leave something else behind. */
export function* step(host: MemoryHost, unit: Unit, verb: string, fields: string[]): Work {
  if (shared.includes(verb)) host.requireLockAndTransaction(unit, verb);
  // Other verbs change only things that this host does not have: routes of others, tables, uplinks, packages.
  yield* steps[verb]?.(host, unit, named(verb, fields)) ?? [];
}

/** By name. */
type Fields = Record<string, string>;

const textOf = (unit: Unit, name: string): string => unit.sent.texts[name] ?? "";

/** As the shell reads a line by the list of fields that is sent along. */
const named = (verb: string, values: string[]): Fields =>
  Object.fromEntries(Object.keys(fieldsOf[verb as Verb]).map((name, index) => [name, values[index] ?? ""]));

const nothingMore = function* (): Work {};

/** A step without a boundary inside. */
const whole =
  (act: (host: MemoryHost, unit: Unit, fields: Fields) => void) =>
  (host: MemoryHost, unit: Unit, fields: Fields): Work => {
    act(host, unit, fields);
    return nothingMore();
  };

const steps: Partial<Record<string, (host: MemoryHost, unit: Unit, fields: Fields) => Work>> = {
  own: (host, unit, fields) => own(host, unit, fields.key!),
  lock: (host, unit) => lock(host, unit),
  unlock: whole((_, unit) => (unit.holdsHost = false)),
  begin: (host, unit, fields) => begin(host, unit, fields.key!, fields.confirm!),
  claim: (host, unit, fields) => claim(host, unit, fields),
  guard_link: whole((host, unit, fields) => guardLink(host, unit, fields.link!, fields.path!)),
  file: (host, unit, fields) => file(host, unit, fields.path!, textOf(unit, fields.text!)),
  prune: (host, unit) => prune(host, unit),
  settle: whole((host, unit) => unit.changed && host.kernel.reload(host.disk)),
  bridge_up: whole((host, _, fields) => bridgeUp(host, fields.link!, fields.mtu!)),
  only_addresses: whole((host, unit, fields) =>
    onlyAddresses(host, fields.link!, textOf(unit, fields.addresses!).split("\n")),
  ),
  await_address: whole((host, _, fields) => awaitAddress(host, fields.link!, fields.address!)),
  uplink: whole((host) => host.kernel.answer(host.disk)),
  confirm: (host, unit) => confirm(host, unit),
  commit: whole((host, unit) => host.commit(unit)),
  await_applied: (host, unit, fields) => awaitApplied(host, unit, fields.key!),
  approve: (host, unit, fields) => approve(host, unit, fields.key!),
  facts: whole((host, unit, fields) => host.tellFacts(unit, fields.key!)),
};

function* own(host: MemoryHost, unit: Unit, key: string): Work {
  const free = (): boolean => host.units.every((other) => other.ownKey !== key);
  if (!free() && !(yield { until: free, within: 1800 })) throw new Failure("NSPAWN_BUSY", `${key} is held`);
  unit.ownKey = key;
  if ((host.newest.get(key) ?? 0) > unit.sent.call.issued) throw new Failure("NSPAWN_STALE", "a newer one was made");
  host.newest.set(key, unit.sent.call.issued);
}

function* lock(host: MemoryHost, unit: Unit): Work {
  const free = (): boolean => host.units.every((other) => other === unit || !other.holdsHost);
  if (!free() && !(yield { until: free, within: unit.sent.call.patience })) {
    throw new Failure("NSPAWN_BUSY", "the host is in the hands of another change");
  }
  unit.holdsHost = true;
  yield* host.undoDead(unit);
}

function* begin(host: MemoryHost, unit: Unit, key: string, confirmed: string): Work {
  unit.mine = key;
  const { disk } = host;
  if (disk.transactions.has(key)) yield* host.undo(key);
  host.needsRoom();
  const folder = disk.owners.get(key);
  const wanted = field(unit, "claim", "record").flatMap((text) => filesIn(unit.sent.texts[text] ?? ""));
  const paths = new Set([
    ...filesIn(folder?.record ?? ""),
    ...(folder?.files ?? []),
    ...wanted,
    ...field(unit, "file", "path"),
  ]);
  yield;
  host.needsRoom();
  const transaction: Transaction = {
    key,
    unit: unit.id,
    token: unit.sent.call.token,
    before: new Map([...paths].map((path) => [path, disk.files.get(path)])),
    owner: copyOf(folder),
    links: field(unit, "bridge_up", "link"),
    net: confirmed === "yes" ? host.kernel.state() : undefined,
    edited: false,
  };
  disk.transactions.set(key, transaction);
  yield;
  disk.guard = true;
  unit.keep = key;
}

/** A field of each step of a verb, as the script's `from_steps`. */
function field(unit: Unit, verb: string, name: string): string[] {
  const lines = unit.sent.steps.split("\n").map((line) => line.split("\t"));
  return lines.filter(([first]) => first === verb).map(([, ...values]) => named(verb, values)[name] ?? "");
}

function* claim(host: MemoryHost, unit: Unit, fields: Fields): Work {
  const key = fields.key!;
  host.needsRoom();
  const folder = host.disk.owners.get(key) ?? { record: "", files: new Set<string>() };
  host.disk.owners.set(key, folder);
  yield;
  folder.record = textOf(unit, fields.record!);
  unit.adopt = fields.adopt! === "yes";
  unit.tell("claimed\n");
}

const folderOf = (host: MemoryHost, unit: Unit): OwnerFolder => {
  const folder = host.disk.owners.get(unit.mine ?? "");
  if (folder === undefined) throw new Error("a step before its claim");
  return folder;
};

function guardLink(host: MemoryHost, unit: Unit, link: string, path: string): void {
  if (folderOf(host, unit).files.has(path) || unit.adopt || !host.kernel.links.has(link)) return;
  throw new Failure("NSPAWN_OWNED", `the interface ${link} exists`);
}

function* file(host: MemoryHost, unit: Unit, path: string, text: string): Work {
  const { files, record } = folderOf(host, unit);
  const { disk } = host;
  const found = disk.files.get(path);
  if (!files.has(path)) {
    for (const other of disk.owners.values()) {
      if (other.files.has(path) && ownerIn(other.record) !== ownerIn(record)) throw new Failure("NSPAWN_OWNED", path);
    }
    if (found !== undefined && found !== text) throw new Failure("NSPAWN_OWNED", `${path} was not written by us`);
    host.needsRoom();
    files.add(path);
    yield;
  }
  if (found === text) return;
  host.needsRoom();
  disk.files.set(path, text);
  host.writes += 1;
  if (path.startsWith("/etc/systemd/network/")) unit.changed = true;
}

function* prune(host: MemoryHost, unit: Unit): Work {
  const folder = folderOf(host, unit);
  const wanted = filesIn(folder.record);
  for (const path of [...folder.files].filter((owned) => !wanted.includes(owned))) {
    host.disk.files.delete(path);
    yield;
    folder.files.delete(path);
    host.writes += 1;
    unit.changed = true;
  }
}

function bridgeUp(host: MemoryHost, name: string, mtu: string): void {
  if (!host.kernel.links.has(name)) host.kernel.reload(host.disk);
  const link = host.kernel.links.get(name);
  if (link === undefined) throw new Failure("NSPAWN_STEP_FAILED", `networkd did not make ${name}`);
  if (mtu !== "-") link.mtu = Number(mtu);
}

function onlyAddresses(host: MemoryHost, name: string, wanted: string[]): void {
  const link = host.kernel.links.get(name);
  for (const address of [...(link?.addresses ?? [])]) if (!wanted.includes(address)) link?.addresses.delete(address);
}

function awaitAddress(host: MemoryHost, name: string, address: string): void {
  if (!host.kernel.links.get(name)?.addresses.has(address)) host.kernel.reload(host.disk);
  if (host.kernel.links.get(name)?.addresses.has(address)) return;
  throw new Failure("NSPAWN_STEP_FAILED", `networkd did not bring up ${address} on ${name}`);
}

function* confirm(host: MemoryHost, unit: Unit): Work {
  const transaction = host.disk.transactions.get(unit.keep ?? "");
  if (transaction === undefined) throw new Error("nothing to confirm");
  transaction.mark = "applied";
  yield;
  unit.tell("confirm\n");
  const came = yield { until: () => transaction.mark === "confirmed", within: unit.sent.call.window };
  if (!came && transaction.mark === "applied") {
    transaction.mark = "expired";
    throw new Failure("NSPAWN_ROLLED_BACK", "no new SSH connection came");
  }
  yield;
  host.commit(unit);
}

function* awaitApplied(host: MemoryHost, unit: Unit, key: string): Work {
  const open = (): Transaction | undefined => host.disk.transactions.get(key);
  const ready = (): boolean => open() === undefined || open()?.mark === "applied";
  if (!ready() && !(yield { until: ready, within: 270 })) throw new Failure("NSPAWN_DEADLINE", "it is still going on");
  if (open()?.mark !== "applied" || open()?.token !== unit.sent.call.token) {
    throw new Failure("NSPAWN_ROLLED_BACK", "there is nothing to confirm");
  }
}

function* approve(host: MemoryHost, unit: Unit, key: string): Work {
  const open = (): Transaction | undefined => host.disk.transactions.get(key);
  const transaction = open();
  if (transaction?.token !== unit.sent.call.token || transaction.mark !== "applied") {
    throw new Failure("NSPAWN_ROLLED_BACK", "there is nothing to confirm any more");
  }
  transaction.mark = "confirmed";
  const ended = (): boolean => open() !== transaction;
  if (!(yield { until: ended, within: 20 })) throw new Failure("NSPAWN_ROLLED_BACK", "its program does not end");
}
