import { uplinkScript } from "../model/paths";
import { printableLine } from "../model/read/printable";
import type { Facts } from "./facts/facts";

/** The interface on which addresses are answered for. */
export function uplinkOf(facts: Facts): string | undefined {
  const given = /^uplink='([^']+)'$/m.exec(facts.files.get(uplinkScript)?.text ?? "")?.[1];
  return given === undefined ? facts.defaultInterfaces[0] : printableLine(given, 100);
}

/** The interface that leads outside: of a bridge that stands in its place its port. */
export function portToOutside(facts: Facts): string | undefined {
  const outside = uplinkOf(facts);
  return facts.uplinks.find((port) => outside !== undefined && facts.links.get(port)?.master === outside) ?? outside;
}
