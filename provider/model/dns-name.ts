/** The domain itself, as zone files write it. */
export const APEX = "@";

/** A name as zone files write it: relative to its domain. A name that ends with the domain is taken as the whole name. */
export function relativeName(name: string, domain: string): string {
  if (name === domain) return APEX;
  return name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name;
}

/** The whole name, without a final dot. */
export function wholeName(name: string, domain: string): string {
  const relative = relativeName(name, domain);
  return relative === APEX ? domain : `${relative}.${domain}`;
}
