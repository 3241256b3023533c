import { NspawnError } from "../errors";
import type { CommonArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { digest } from "../model/digest";
import type { Kind } from "./kind";

/** Properties as the engine hands them over. */
export type Properties = Record<string, unknown>;

/** What was applied, short enough to stand in state beside the files that are in the inputs. */
export interface Applied {
  files: string;
  boot: string;
  live: string;
}

/** Shape of the state that this version writes. */
const stateVersion = 1;

const ours = ["__provider", "files", "boot", "live", "applied"];

/** A copy without `undefined`, which the engine's wire form does not have. */
export function defined(value: object): Properties {
  return JSON.parse(JSON.stringify(value)) as Properties;
}

/** The arguments among the properties of a state; state of a newer version is refused, not guessed at. */
export function argsOf<A extends CommonArgs>(kind: Kind<A>, properties: Properties): A {
  const version = properties.stateVersion;
  if (typeof version === "number" && version > stateVersion) {
    const message = `this resource was written by a newer pulumi-nspawn (state version ${version}, this one knows ${stateVersion}); install that version or a newer one`;
    throw new NspawnError("NSPAWN_STATE_VERSION", message);
  }
  const foreign = [...ours, ...kind.outputNames];
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !foreign.includes(name))) as unknown as A;
}

export const nothing: Desired = { files: {}, secretFiles: {}, boot: {}, live: {} };

export function appliedOf(state: Desired): Applied {
  return { files: digest(state.files), boot: digest(state.boot), live: digest(state.live) };
}

/** Outputs: the arguments, what was found beside them, and digests of what stands on the host. No secret twice. */
export function outputsOf(args: CommonArgs, state: Desired, extra: Record<string, string>): Properties {
  return defined({ ...args, ...extra, secretFiles: undefined, applied: appliedOf(state) });
}
