import type { CommonArgs } from "../model/args";
import type { Kind } from "./kind";

/** `<host.id>/<kind>/<name>`; of a host itself its own id. */
export function idOf<A extends CommonArgs>(kind: Kind<A>, args: A): string {
  const name = kind.nameOf(args);
  return name === "" ? args.host.id : `${args.host.id}/${kind.idPart}/${name}`;
}
