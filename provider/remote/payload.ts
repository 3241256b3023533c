import type { Readable } from "node:stream";
import { pack, type Pack } from "tar-stream";
import { encodeSteps } from "../plan/encode";
import type { Program } from "../plan/program";
import { script } from "../plan/script";

/**
 * The only command that is ever executed: a constant. It unpacks stdin (tar) into a directory that only root can read
 * and runs the constant script in it; nothing from arguments becomes shell text.
 */
export const command =
  "sh -c '" +
  '[ "$(id -u)" = 0 ] || { m="the login is $(id -un)"; printf "error\\tNSPAWN_NOT_ROOT\\t%s\\n%s\\n" "${#m}" "$m"; exit 1; }; ' +
  "umask 077; d=$(mktemp -d /run/pulumi-nspawn.XXXXXXXX) || exit 1; " +
  '{ tar -xf - -C "$d" && exec sh "$d/script" "$d"; } || { rm -rf "$d"; exit 1; }' +
  "'";

/** A channel that closes while the payload is on its way ends each entry too; what follows from it is the archive's own error. */
function handled(entry: ReturnType<Pack["entry"]>): void {
  entry.on("error", () => undefined);
}

/** A program as a tar archive for stdin. */
export function payload(program: Program): Readable {
  const archive = pack();
  const add = (name: string, text: string): void => {
    handled(archive.entry({ name, mode: 0o600, uid: 0, gid: 0, mtime: new Date(0) }, text));
  };
  add("script", script);
  add("steps", encodeSteps(program.steps));
  handled(archive.entry({ name: "texts", type: "directory", mode: 0o700 }));
  for (const [name, text] of Object.entries(program.texts)) {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new Error(`not a name of a text: ${JSON.stringify(name)}`);
    add(`texts/${name}`, text);
  }
  archive.finalize();
  return archive as unknown as Readable;
}
