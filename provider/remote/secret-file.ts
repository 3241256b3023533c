import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { NspawnError } from "../errors";

/** What an error about such a file adds. */
export const readWhere = "it is read on the machine that runs the program, at each run";

/** A private key has a few kilobytes, the others less. */
const mostBytes = 65_536;

/**
 * The secret in a file on the machine that runs the program, read anew each time: state holds its path alone.
 *
 * @param path absolute, or from the home folder of who runs the program: `~/.ssh/id_ed25519`
 * @param what what it should be, for messages: `key`
 * @throws Error why it cannot be used, with what to do
 */
export function readSecretFile(path: string, what: string): string {
  const file = path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
  const status = statSync(file);
  const { mode, size, uid } = status;
  // A device or a pipe may have no end.
  if (!status.isFile()) throw new Error("it is not a regular file");
  if (size > mostBytes) throw new Error(`it has ${size} bytes, which no ${what} has`);
  // As ssh(1) does it: what others can read is not secret.
  if ((mode & 0o077) !== 0 && uid === process.getuid?.())
    throw new Error(`others can read it (mode 0${(mode & 0o777).toString(8)}); chmod 600 ${file}`);
  return readFileSync(file, "utf8");
}

/** The one line of a file that holds a passphrase or a password; its line break does not belong to it. */
export function readSecretLine(path: string, what: string): string {
  return readSecretFile(path, what).replace(/\r?\n$/, "");
}

/** @throws NSPAWN_LOGIN */
export function readKeyFile(path: string): string {
  return ofLogin("privateKeyFile", path, () => readSecretFile(path, "key"));
}

/** @throws NSPAWN_LOGIN */
export function readPassphraseFile(path: string): string {
  return ofLogin("privateKeyPasswordFile", path, () => readSecretLine(path, "passphrase"));
}

function ofLogin(argument: string, path: string, read: () => string): string {
  try {
    return read();
  } catch (error) {
    const message = `cannot use ssh.${argument} ${path}: ${(error as Error).message}; ${readWhere}`;
    throw new NspawnError("NSPAWN_LOGIN", message, { path: `connection.${argument}` });
  }
}
