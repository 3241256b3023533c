/** Fails when a secret, or any line of it that is long enough to mean something, stands in a text. */
export function expectAbsent(text: string, secret: string): void {
  const lines = secret.split("\n").filter((line) => line.length >= 16);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(text).not.toContain(line);
}
