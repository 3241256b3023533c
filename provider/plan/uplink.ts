import { uplinkScript } from "../model/paths";
import type { Facts } from "./facts";

/** The interface on which addresses are answered for. */
export function uplinkOf(facts: Facts): string | undefined {
  const given = /^uplink='([^']+)'$/m.exec(facts.files.get(uplinkScript)?.text ?? "")?.[1];
  return given ?? facts.defaultInterfaces[0];
}
