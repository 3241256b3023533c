import type { BridgeArgs, CommonArgs, FloatingIpArgs, HostArgs, MachineArgs } from "../../provider/model/args";

export const hostKeyText = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

/** Public keys of WireGuard, of three hosts. */
export const meshKeys = [1, 2, 3].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string, string];

/** What every component passes. */
export const commonArgs: CommonArgs = {
  stateVersion: 1,
  owner: "shop/lab/host/host-1",
  ownUrn: "urn:pulumi:lab::shop::pulumi-nodejs:dynamic/nspawn:NspawnHost::host-1",
  host: { id: "shop/lab/host/host-1", instance: "4711" },
  connection: { host: "203.0.113.2", port: 22, user: "root", hostKeys: [hostKeyText] },
  credentials: {},
};

export function hostArgs(changes: Partial<HostArgs> = {}): HostArgs {
  return { ...commonArgs, packages: [], sysctls: {}, resolved: true, adopt: false, ...changes };
}

export function bridgeArgs(changes: Partial<BridgeArgs> = {}): BridgeArgs {
  const given = {
    bridge: "br0",
    mode: "routed",
    isolation: "none",
    attach: "bridge",
    allowBetween: "all",
    hostServices: [],
    allowForeignMacs: false,
    ipv4: "203.0.113.2",
    ipv6: "2001:db8:1::/64",
  } satisfies Partial<BridgeArgs>;
  return { ...commonArgs, owner: "shop/lab/bridge/br0", ...given, adopt: false, ...changes };
}

export function floatingIpArgs(changes: Partial<FloatingIpArgs> = {}): FloatingIpArgs {
  return {
    ...commonArgs,
    owner: "shop/lab/floating-ip/web",
    type: "ipv4",
    address: "198.51.100.7",
    name: "web",
    ...changes,
  };
}

export function machineArgs(changes: Partial<MachineArgs> = {}): MachineArgs {
  return {
    ...commonArgs,
    owner: "shop/lab/machine/web",
    name: "web",
    networks: [
      {
        bridge: "br0",
        host: "shop/lab/host/host-1",
        addresses: [
          { address: "198.51.100.7", host: "shop/lab/host/host-1", proxied: false },
          { address: "2001:db8:1::7", proxied: true },
        ],
        gateway4: "203.0.113.2",
      },
    ],
    image: {
      kind: "debootstrap",
      suite: "bookworm",
      mirror: "http://deb.debian.org/debian",
      variant: "minbase",
      packages: ["nginx-light", "openssh-server"],
    },
    hostname: "web",
    authorizedKeys: [`${hostKeyText} operator`],
    startAtBoot: true,
    restart: "no",
    running: true,
    ephemeral: false,
    privateUsers: "pick",
    confined: true,
    readyWhen: "running",
    onDelete: "trash",
    adopt: false,
    ...changes,
  };
}
