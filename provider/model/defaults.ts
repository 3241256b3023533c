import type { ReadyWhenArgs, Restart } from "./args";
import type { Attach, Isolation, Mode } from "./mode";

/**
 * What an argument is when a program does not give it. Frozen: state leaves out what equals its default, so another
 * default would change what old state says (docs/state.md).
 */
export const commonDefaults = { stateVersion: 1, credentials: {}, connection: { port: 22, user: "root" } };

export const hostDefaults = { packages: [] as string[], sysctls: {}, resolved: true, adopt: false };

/** `isolation` is what old state means by saying nothing; a program that says nothing gets `tenant` (resources). */
export const bridgeDefaults = {
  mode: "routed" as Mode,
  isolation: "none" as Isolation,
  attach: "bridge" as Attach,
  allowBetween: "all" as "all" | "none" | string[][],
  hostServices: [] as { protocol: "tcp" | "udp"; port: number }[],
  allowForeignMacs: false,
  adopt: false,
};

const { mode, isolation, attach } = bridgeDefaults;

/** What a machine's network is when it does not say what its bridge is. */
export const networkDefaults = { mode, isolation, attach };

export const imageDefaults = { mirror: "http://deb.debian.org/debian", variant: "minbase" } as const;

/** Of each user, file and unit that a machine has of its program. */
export const userDefaults = { authorizedKeys: [] as string[], shell: "/bin/bash", sudo: false };
export const provisionDefaults = { files: [{ mode: "0644", owner: "root" }], units: [{ enable: true }] };
export const machineImageDefaults = { version: "1", live: false, keep: false };
/** What a member's fleet is when it does not say. */
export const fleetDefaults = { maxUnavailable: 1 };

export const machineDefaults = {
  authorizedKeys: [] as string[],
  startAtBoot: true,
  restart: "no" as Restart,
  running: true,
  ephemeral: false,
  privateUsers: "pick",
  // What machines of older versions are; a program's own default is true.
  confined: false,
  readyWhen: "running" as ReadyWhenArgs,
  onDelete: "trash" as "trash" | "delete" | "keep",
  adopt: false,
};
