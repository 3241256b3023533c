/** What a thrown thing says, without the name of its class. */
export function messageOf(thrown: unknown): string {
  const { message } = (thrown ?? {}) as { message?: unknown };
  return typeof message === "string" ? message : String(thrown);
}
