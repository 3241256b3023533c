import type { FoundSetting } from "../facts/facts";

/** Lines of files by the path of their file. */
export function byPath(settings: FoundSetting[]): Map<string, FoundSetting[]> {
  const files = new Map<string, FoundSetting[]>();
  for (const setting of settings) {
    const lines = files.get(setting.path);
    if (lines === undefined) files.set(setting.path, [setting]);
    else lines.push(setting);
  }
  return files;
}
