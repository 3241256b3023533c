/**
 * A URN says stack and project, which stand in the owner, and the type, which the handlers know: in state it is only what is
 * left, `::PARENT-TYPES::NAME`. Anything else stays as it is.
 */
export function shortUrn(urn: string, owner: string, type: string): string {
  const start = prefix(owner);
  if (!urn.startsWith(start)) return urn;
  const [types = "", ...name] = urn.slice(start.length).split("::");
  return types === type || types.endsWith(`$${type}`) ? `::${types.slice(0, -type.length)}::${name.join("::")}` : urn;
}

/** The opposite of {@link shortUrn}. */
export function longUrn(urn: string, owner: string, type: string): string {
  if (!urn.startsWith("::")) return urn;
  const [parents = "", ...name] = urn.slice(2).split("::");
  return `${prefix(owner)}${parents}${type}::${name.join("::")}`;
}

function prefix(owner: string): string {
  const [project = "", stack = ""] = owner.split("/");
  return `urn:pulumi:${stack}::${project}::`;
}
