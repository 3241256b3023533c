/** Interface names of a macvlan and of the veth pair that connects it to its bridge. S3.09–S3.13. */
export interface WiredNames {
  macvlan: string;
  /** The port of the bridge. */
  port: string;
  /** The other end, on which the macvlan is. */
  lower: string;
}

export const wiredNames = (macvlan: string): WiredNames => ({
  macvlan,
  port: `${macvlan}-v1`,
  lower: `${macvlan}-v2`,
});

/** Bytes that a macvlan's name has at most, so that the ends of its pair have 15: S3.17. */
export const longestMacvlan = 12;

/** What a bridge's macvlan is called where the program does not say it: `br-mgmt` → `mv-mgmt`, `back` → `mv-back`. */
export const macvlanOf = (bridge: string): string => `mv-${bridge.replace(/^br-/, "")}`;

/** What systemd-nspawn calls a machine's own macvlan on another interface: systemd-nspawn(1), --network-macvlan=. */
export const insideMacvlan = (macvlan: string): string => `mv-${macvlan}`;
