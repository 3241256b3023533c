import { networkFile } from "../model/paths";
import type { Facts } from "./facts/facts";

/** Whether networkd leaves a link alone, or goes by another file than ours. */
export function configuredBy(link: string, facts: Facts): string | undefined {
  const { state = "", file = "" } = facts.managed.get(link) ?? {};
  if (state === "unmanaged") return "unmanaged";
  return file === "" || file === networkFile(link) ? undefined : `by ${file}`;
}
