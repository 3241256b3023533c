import { createHash } from "node:crypto";
import type { MachineArgs } from "./args";
import { canonicalJson } from "./digest";
import { isUnknown, UNKNOWN } from "./unknown";

type Given = Pick<MachineArgs, "users" | "provision" | "secrets">;

/** Something that is done in a machine once for each content of it; hosts remember it by its name and digest. */
export interface Part {
  /** `packages`, `user ann`, `file /etc/motd`, `unit backup.timer`, `commands`. */
  name: string;
  /** SHA-256 of all that it is made of, secrets too: only ever for the host's own record, which is root's. Never in state. */
  digest: string;
}

const sha256 = (value: unknown): string =>
  createHash("sha256")
    .update(typeof value === "string" ? value : canonicalJson(value), "utf8")
    .digest("hex");

const known = <T>(list: T[] | undefined): T[] =>
  Array.isArray(list) && !isUnknown(list) ? list.filter((entry) => !isUnknown(entry)) : [];

/** People's accounts. */
export function userParts({ users, secrets }: Given): Part[] {
  return known(users).map((user) => {
    return { name: `user ${user.name}`, digest: sha256([user, passwordOf(user.name, secrets)]) };
  });
}

/** The hash of a user's password, if there is one. Every object has a `constructor`, which is a name of users as well. */
export function passwordOf(name: string, secrets: Given["secrets"]): string | undefined {
  if (isUnknown(secrets) || isUnknown(secrets?.passwords)) return UNKNOWN;
  return secrets?.passwords !== undefined && Object.hasOwn(secrets.passwords, name)
    ? secrets.passwords[name]
    : undefined;
}

/** The content of a file, wherever it stands. */
export function contentOf({ path, content }: { path: string; content?: string }, { secrets }: Given): string {
  if (content !== undefined) return content;
  return isUnknown(secrets) || isUnknown(secrets?.files) ? UNKNOWN : (secrets?.files?.[path] ?? "");
}

/** What `provision` says, in the order in which it is done. */
export function provisionParts(given: Given): Part[] {
  const { provision } = given;
  if (provision === undefined || isUnknown(provision)) return [];
  const { packages, files, units, commands } = provision;
  const before = [
    ...(known(packages).length === 0 ? [] : [{ name: "packages", digest: sha256(packages) }]),
    ...known(files).map((file) => ({
      name: `file ${file.path}`,
      digest: sha256([file.mode, file.owner, file.group, contentOf(file, given)]),
    })),
    ...known(units).map((unit) => ({ name: `unit ${unit.name}`, digest: sha256([unit.enable, unit.content]) })),
  ];
  if (known(commands).length === 0) return before;
  return [...before, { name: "commands", digest: sha256(["done", before, commands]) }];
}

/**
 * After how many commands which digest is remembered: of all that was done before, and of them. So one that failed, and was
 * corrected, is where the next attempt goes on.
 */
export function commandDigests(given: Given): string[] {
  const before = provisionParts(given).filter(({ name }) => name !== "commands");
  let digest = sha256(before);
  return known(given.provision?.commands).map((command) => (digest = sha256([digest, command])));
}

/** SHA-256 of a text, as sha256sum(1) says it. */
export const contentSum = (content: string): string => sha256(content);
