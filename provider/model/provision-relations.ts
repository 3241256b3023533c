import type { MachineArgs } from "./args";
import type { ProvisionArgs } from "./provision-args";
import type { Place } from "./read/place";
import { hasUnknown, isUnknown } from "./unknown";

/** Bytes of everything that is sent into a machine. */
const mostBytes = 8 * 1024 * 1024;

/** What has to hold between what is done in a machine, its secrets, and the rest of its arguments. */
export function provisionRelations(args: MachineArgs, place: Place): void {
  const { users, provision } = args;
  if (users === undefined && provision === undefined) return;
  ephemeralRelation(args, place);
  once(users, "name", place.key("users"));
  secretUsers(args, place);
  if (provision === undefined || isUnknown(provision)) return;
  const at = place.key("provision");
  once(provision.files, "path", at.key("files"));
  once(provision.units, "name", at.key("units"));
  packagesRelation(args, at);
  filesRelation(args, at);
  unitsRelation(provision, at);
  sizeRelation(args, at);
}

function ephemeralRelation({ ephemeral, users, provision }: MachineArgs, place: Place): void {
  if (ephemeral !== true) return;
  const name = provision === undefined || (users !== undefined && isUnknown(provision)) ? "users" : "provision";
  place
    .key(name)
    .refuse(
      "is made once, and ephemeral: true discards it at each stop; put it into the image, or leave out ephemeral",
    );
}

/** What entries are called, as far as that is known. */
function namesIn<K extends string>(entries: Record<K, string>[], key: K): string[] {
  return entries.map((entry) => (isUnknown(entry) ? entry : entry[key]));
}

/** Each entry of a list has a name of its own. */
function once<K extends string>(entries: Record<K, string>[] | undefined, key: K, place: Place): void {
  if (!Array.isArray(entries)) return;
  const names = namesIn(entries, key);
  names.forEach((name, index) => {
    const first = names.indexOf(name);
    if (first !== index && !isUnknown(name)) place.index(index).key(key).refuse(`is listed twice, first at [${first}]`);
  });
}

function packagesRelation({ networks, provision }: MachineArgs, place: Place): void {
  const packages = provision?.packages;
  if (!Array.isArray(packages) || packages.length === 0 || !Array.isArray(networks) || networks.length > 0) return;
  place
    .key("packages")
    .refuse("come from a mirror, and this machine has no network; give it one, or put them into image.packages");
}

/** A file has its content here, or among what is secret. */
function filesRelation({ provision, secrets }: MachineArgs, place: Place): void {
  const files = provision?.files;
  if (!Array.isArray(files)) return;
  const paths = namesIn(files, "path");
  const hidden = secrets === undefined ? {} : isUnknown(secrets) ? secrets : (secrets.files ?? {});
  files.forEach((file, index) => {
    if (isUnknown(file) || isUnknown(file.path) || isUnknown(hidden)) return;
    const at = place.key("files").index(index).key("content");
    const isSecret = Object.hasOwn(hidden, file.path);
    if (file.content === undefined && !isSecret) at.refuse("is required");
    else if (file.content !== undefined && isSecret) at.refuse("is given twice, once as a secret");
  });
  if (isUnknown(hidden) || hasUnknown(paths)) return;
  const nobodys = Object.keys(hidden).find((path) => !paths.includes(path));
  if (nobodys !== undefined) place.key("files").refuse(`has no file ${nobodys}, for which there is a secret content`);
}

function secretUsers({ users, secrets }: MachineArgs, place: Place): void {
  if (!Array.isArray(users) || hasUnknown(namesIn(users, "name")) || secrets === undefined) return;
  if (isUnknown(secrets) || isUnknown(secrets.passwords)) return;
  const nobodys = Object.keys(secrets.passwords ?? {}).find((name) => users.every((user) => user.name !== name));
  if (nobodys !== undefined) place.key("users").refuse(`has no user ${nobodys}, for whom there is a password`);
}

/** A template has instances, which are what starts. */
function unitsRelation({ units, files }: ProvisionArgs, place: Place): void {
  if (!Array.isArray(units)) return;
  units.forEach((unit, index) => {
    if (isUnknown(unit) || isUnknown(unit.name)) return;
    const at = place.key("units").index(index);
    if (unit.enable === true && /@\.[a-z]+$/.test(unit.name))
      at.key("enable").refuse("must be false for a template, of which only instances start (NAME@INSTANCE.service)");
    const twin = Array.isArray(files)
      ? files.findIndex((file) => !isUnknown(file) && file.path === `/etc/systemd/system/${unit.name}`)
      : -1;
    if (twin >= 0) at.key("name").refuse(`is also written by provision.files[${twin}]; leave one of the two out`);
  });
}

function sizeRelation({ provision, secrets }: MachineArgs, place: Place): void {
  const bytes = sizeOf([provision, secrets]);
  if (bytes > mostBytes)
    place.refuse(
      `must have ${mostBytes} bytes at most in all (got ${bytes}); put large files into the image, or fetch them`,
    );
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + sizeOf(part), 0);
}
