import { NspawnError } from "../errors";
import { complete } from "./compact";
import {
  commonDefaults,
  bridgeDefaults,
  fleetDefaults,
  hostDefaults,
  imageDefaults,
  machineDefaults,
  machineImageDefaults,
  networkDefaults,
  provisionDefaults,
  userDefaults,
} from "./defaults";
import type { MachineArgs } from "./args";

/** Shape of the state that this version writes. */
const stateVersion = 1;

/** What stands beside the arguments in the state of every resource. */
const beside = ["__provider", "files", "boot", "live", "applied"];

/** What each kind of resource means by saying nothing, in state as in a program's arguments. */
export const storedDefaults = {
  host: () => ({ ...commonDefaults, ...hostDefaults }),
  bridge: () => ({ ...commonDefaults, ...bridgeDefaults }),
  floatingIp: () => commonDefaults,
  machineImage: () => ({ ...commonDefaults, ...machineImageDefaults }),
  machine: ({ name, image }: Partial<MachineArgs>) => ({
    ...commonDefaults,
    hostname: name,
    // Of an image that says no kind, too.
    image:
      (image?.kind ?? "debootstrap") === "debootstrap" ? { kind: "debootstrap", ...imageDefaults, packages: [] } : {},
    networks: [{ ...networkDefaults, addresses: [{ proxied: false }] }],
    users: [userDefaults],
    provision: provisionDefaults,
    fleet: fleetDefaults,
    ...machineDefaults,
  }),
};

/**
 * The arguments that a state's properties stand for: state leaves out what equals its default. Everything that reads a
 * state, the command's `ls` and `doctor` as well as the handlers, reads it by this.
 *
 * @param outputs names of properties that are no arguments
 * @throws NSPAWN_STATE_VERSION for the state of a newer version, which is not guessed at
 */
export function stored<A extends object>(
  properties: Record<string, unknown>,
  defaults: (own: Partial<A>) => object,
  outputs: readonly string[] = [],
): A {
  const version = properties.stateVersion;
  if (typeof version === "number" && version > stateVersion) {
    const message = `this resource was written by a newer pulumi-nspawn (state version ${version}, this one knows ${stateVersion}); install that version or a newer one`;
    throw new NspawnError("NSPAWN_STATE_VERSION", message);
  }
  const foreign = [...beside, ...outputs];
  const own = Object.fromEntries(Object.entries(properties).filter(([name]) => !foreign.includes(name)));
  return complete(own, defaults(own as Partial<A>)) as unknown as A;
}
