import type { Properties } from "../../provider/handlers/state";
import { bridgeArgs, commonArgs, machineArgs } from "./sample";

export const provider = "exports.handler=()=>undefined";

/** What every component passes, as the engine hands it on. */
export function common(kind: string, name: string): Properties {
  return { ...commonArgs, owner: `shop/lab/${kind}/${name}`, secretFiles: {}, __provider: provider };
}

export function machineArguments(changes: Properties = {}): Properties {
  return { ...machineArgs(), ...common("machine", "web"), ...changes };
}

export function bridgeArguments(changes: Properties = {}): Properties {
  return { ...bridgeArgs(), ...common("bridge", "br0"), ...changes };
}
