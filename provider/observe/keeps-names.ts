import { resolvConf, resolvedDropIn } from "../model/paths";
import type { Facts } from "./facts/facts";

/**
 * Whether a resolv.conf is what the host has in the place of a link to resolved's: one of ours with options that
 * resolved cannot hand on, or that of before where a server of the host's own answers.
 */
export function keepsNames(path: string, { files }: Facts): boolean {
  const file = path === resolvConf ? files.get(path) : undefined;
  if (file === undefined) return false;
  if (file.type === "link") return leavesStub(files) && !file.text.includes("/systemd/resolve/");
  if (file.type !== "file" || !/^\s*nameserver\s/m.test(file.text)) return false;
  return file.text.startsWith("# Written by pulumi-nspawn") || leavesStub(files);
}

/** Whether resolved has no address of its own, because a server of the host's answers there. */
function leavesStub(files: Facts["files"]): boolean {
  const dropIn = files.get(resolvedDropIn);
  return dropIn?.type === "file" && /^DNSStubListener=no$/m.test(dropIn.text);
}
