/** Where a symbolic link at an absolute path leads, as an absolute path of the same tree. */
export function resolveLink(path: string, target: string): string {
  const from = target.startsWith("/") ? [] : path.split("/").slice(0, -1);
  const parts: string[] = [];
  for (const part of [...from, ...target.split("/")]) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
