import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { NspawnError } from "../../errors";

/** A private key has a few kilobytes. */
const mostBytes = 65_536;

/**
 * The private key in a file on the machine that runs the program, read anew each time: state holds its path alone.
 *
 * @param path absolute, or from the home folder of who runs the program: `~/.ssh/id_ed25519`
 */
export function readKeyFile(path: string): string {
  const file = path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
  try {
    const { mode, size, uid } = statSync(file);
    if (size > mostBytes) throw new Error(`it has ${size} bytes, which no key has`);
    // As ssh(1) does it: what others can read is not secret.
    if ((mode & 0o077) !== 0 && uid === process.getuid?.())
      throw new Error(`others can read it (mode 0${(mode & 0o777).toString(8)}); chmod 600 ${file}`);
    return readFileSync(file, "utf8");
  } catch (error) {
    const message = `cannot use ssh.privateKeyFile ${path}: ${(error as Error).message}; it is read on the machine that runs the program, at each run`;
    throw new NspawnError("NSPAWN_LOGIN", message, { path: "connection.privateKeyFile" });
  }
}
