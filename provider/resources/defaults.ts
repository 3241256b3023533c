/** The arguments with the defaults in the place of those that are absent; `undefined` counts as absent. */
export function withDefaults<Args extends object, Defaults extends Partial<Args>>(
  args: Args,
  defaults: Defaults,
): Args & { [Key in keyof Defaults]-?: NonNullable<Args[Key & keyof Args]> } {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) } as never;
}
