import type { CommonArgs } from "../model/args";
import { compact } from "../model/compact";
import type { Desired } from "../model/desired";
import { digest } from "../model/digest";
import { stored } from "../model/stored";
import type { Kind } from "./kind";
import { longUrn, shortUrn } from "./short-urn";

/** Properties as the engine hands them over. */
export type Properties = Record<string, unknown>;

/** A copy without `undefined`, which the engine's wire form does not have. */
export function defined(value: object): Properties {
  return JSON.parse(JSON.stringify(value)) as Properties;
}

/** The arguments among the properties of a state; state of a newer version is refused, not guessed at. */
export function argsOf<A extends CommonArgs>(kind: Kind<A>, properties: Properties): A {
  const args = stored<A>(properties, kind.defaults, kind.outputNames);
  const ownUrn = args.ownUrn && longUrn(args.ownUrn, args.owner, typeOf(kind));
  return settled(kind, { ...args, ownUrn });
}

export const nothing: Desired = { files: {}, secretFiles: {}, boot: {}, live: {} };

/** What was applied, short enough to stand in state beside the files that are in the inputs. */
export function appliedOf(state: Desired): string {
  return digest({ files: digest(state.files), boot: digest(state.boot), live: digest(state.live) });
}

function settled<A extends CommonArgs>(kind: Kind<A>, args: A): A {
  return kind.settled?.(args) ?? args;
}

/** The arguments as they stand in state. */
export function argumentProperties<A extends CommonArgs>(kind: Kind<A>, args: A): Properties {
  const ownUrn = args.ownUrn && shortUrn(args.ownUrn, args.owner, typeOf(kind));
  return compact({ ...settled(kind, args), ownUrn }, kind.defaults(args));
}

const typeOf = <A extends CommonArgs>({ type }: Kind<A>): string => `pulumi-nodejs:dynamic/nspawn:${type}`;

/** Outputs: the arguments, what was found beside them, and digests of what stands on the host. No secret twice. */
export function outputsOf<A extends CommonArgs>(
  kind: Kind<A>,
  args: A,
  state: Desired,
  extra: Record<string, unknown>,
): Properties {
  return defined({
    ...argumentProperties(kind, args),
    ...extra,
    secretFiles: undefined,
    applied: appliedOf(state),
  });
}

/** Inputs: the arguments, and what they mean for the host or what was found there. */
export function inputsOf<A extends CommonArgs>(kind: Kind<A>, args: A, state: Desired): Properties {
  const { files, secretFiles, boot, live } = state;
  const secrets = Object.keys(secretFiles).length === 0 ? undefined : secretFiles;
  return defined({ ...argumentProperties(kind, args), files, secretFiles: secrets, boot, live });
}
