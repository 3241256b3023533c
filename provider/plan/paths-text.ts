/** Paths as a text that can be sent: base64, because they are bytes. The root is `.` for tar. */
export function pathsText(paths: string[]): string {
  const bytes = paths.map((path) => `./${path}\0`).join("");
  return Buffer.from(bytes, "latin1").toString("base64");
}
