import { NspawnError } from "../errors";
import type { ExportedHost } from "./host";

/** What another stack exported, looked at. @throws NSPAWN_INVALID_INPUT */
export function exportedHost(name: string, value: ExportedHost | undefined): ExportedHost {
  if (value?.nspawnHost === 1) return value;
  const got = value?.nspawnHost === undefined ? "something else" : `format ${value.nspawnHost}; this version knows 1`;
  throw new NspawnError(
    "NSPAWN_INVALID_INPUT",
    `the reference "${name}" needs what \`exported\` of another stack's NspawnHost gives (got ${value === undefined ? "nothing" : got}): in that stack \`export const home = host.exported\`, in this one \`new pulumi.StackReference(…).requireOutput("home")\``,
    { path: "exported" },
  );
}

/** Where a floating address is at home. @throws NSPAWN_INVALID_INPUT where none can point at the host */
export function locationOf(name: string, { location }: ExportedHost): string {
  if (location !== undefined) return location;
  throw new NspawnError(
    "NSPAWN_INVALID_INPUT",
    `the host "${name}" is not a Hetzner server, so no floating address can be assigned to it; pass the address itself to the machine`,
    { path: "host" },
  );
}
