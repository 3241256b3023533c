/** `describe` where the lab can be had; else a skipped one, with the reason in one line. */
export function describeInLab(name: string, body: () => void): void {
  const reason = process.platform !== "linux" ? "needs Linux" : process.getuid?.() === 0 ? undefined : "needs root";
  if (reason === undefined) return describe(name, body);
  process.stderr.write(`skipped: ${name}: ${reason}\n`);
  describe.skip(name, body);
}
