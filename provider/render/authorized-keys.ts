import type { HostArgs } from "../model/args";
import { loginLine } from "../model/fact/login";
import { UNKNOWN, isUnknown } from "../model/unknown";
import { header } from "./header";
import { items } from "./items";

/** The keys that log in, each with the user that it logs in as: another user is another wish. */
export function wantedLogins({ authorizedKeys, connection }: HostArgs): string[] | undefined {
  if (authorizedKeys === undefined) return undefined;
  const user = isUnknown(connection) ? UNKNOWN : connection.user;
  return items(authorizedKeys).map((key) => loginLine({ user, key }));
}

/** authorized_keys of sshd(8), as a whole. */
export function authorizedKeysFile(keys: string[]): string {
  return `${header}${keys.map((key) => `${key}\n`).join("")}`;
}
