type Given<T> = { [K in keyof T]?: T[K] | undefined };

/** The base with what was given in its place; undefined is not given. */
export function overlay<T extends object>(base: T, given: Given<T>): T {
  const defined = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...base, ...(Object.fromEntries(defined) as Partial<T>) };
}
