import { printableLine } from "../../model/read/printable";

/** The name for people in os-release(5). */
export function osName(release: string): string {
  return printableLine(/^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release)?.[1] ?? "", 200);
}
