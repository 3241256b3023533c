import { resolvConf, resolvedDropIn } from "../model/paths";
import type { Facts } from "./facts";

/**
 * Whether a resolv.conf is what the host has in the place of a link to resolved's: one of ours with options that
 * resolved cannot hand on, or that of before where a server of the host's own answers.
 */
export function keepsNames(path: string, { files }: Facts): boolean {
  const file = path === resolvConf ? files.get(path) : undefined;
  if (file === undefined) return false;
  const servers = file.type === "file" && /^\s*nameserver\s/m.test(file.text);
  if (servers && file.text.startsWith("# Written by pulumi-nspawn")) return true;
  const dropIn = files.get(resolvedDropIn);
  const left = dropIn?.type === "file" && /^DNSStubListener=no$/m.test(dropIn.text);
  return left && (servers || (file.type === "link" && !file.text.includes("/systemd/resolve/")));
}
