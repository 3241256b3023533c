import type { IsolationRules } from "./rule";

/** The filter knows a machine by the port of the bridge behind which it is. */
export const tenant: IsolationRules = {
  bridge: () => undefined,
  noMacvlan:
    'needs isolation: "none" (got "tenant"): machines on a macvlan share one port of the bridge and reach each other past it, so nothing could keep them apart',
};
