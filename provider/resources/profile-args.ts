import type { NspawnMachineArgs } from "./machine-args";
import type { ArgumentNames } from "./unknown-arguments";

/** What machines of one kind have in common: any of these arguments of {@link NspawnMachineArgs}. */
export type Profile = Pick<
  NspawnMachineArgs,
  | "authorizedKeys"
  | "confined"
  | "firewall"
  | "limits"
  | "onDelete"
  | "privateUsers"
  | "readyWhen"
  | "restart"
  | "restartDelay"
  | "settings"
  | "startAtBoot"
  | "timezone"
>;

export const profileNames: ArgumentNames<Profile> = {
  ...{ authorizedKeys: true, confined: true, firewall: true, limits: true, onDelete: true, privateUsers: true },
  ...{ readyWhen: true, restart: true, restartDelay: true, settings: true, startAtBoot: true, timezone: true },
};
