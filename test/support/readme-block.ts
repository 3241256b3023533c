/** The commands of the `sh` block of an example's README, each without its comment. */
export function commandsOf(readme: string): string[] {
  const [, block = ""] = /^```sh\n(.*?)^```$/ms.exec(readme) ?? [];
  return block
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "");
}
