import type { TreeName } from "./trees";

/** What a server is ordered with. */
export interface HostImage {
  name: string;
  tree: TreeName;
  /** Debian's major version, as the API tells it. */
  version: "12" | "13";
  /**
   * `cloud`: as at the provider, by cloud-init; `static`: the same with a static IPv4 in place of DHCP, written by hand;
   * `lan`: a host on the plain LAN, without cloud-init.
   */
  network: "cloud" | "static" | "lan";
  /** What configures its uplink. */
  dialect: "ifupdown" | "netplan" | "networkd";
  description: string;
}

const of = (version: "12" | "13"): HostImage[] => {
  const tree = `debian-${version}` as const;
  const name = `Debian ${version}`;
  const usual = { tree, version, dialect: "ifupdown" } as const;
  return [
    { ...usual, name: tree, network: "cloud", description: name },
    { ...usual, name: `${tree}-static`, network: "static", description: `${name}, static IPv4 (lab)` },
    { ...usual, name: `${tree}-lan`, network: "lan", description: `${name} on a plain LAN (lab)` },
    {
      ...usual,
      name: `${tree}-lan-networkd`,
      network: "lan",
      dialect: "networkd",
      description: `${name} on a plain LAN, by networkd (lab)`,
    },
  ];
};

/** Every image that a server of the lab can boot. */
export const hostImages: readonly HostImage[] = [
  ...of("12"),
  ...of("13"),
  {
    name: "debian-13-netplan",
    tree: "debian-13-netplan",
    version: "13",
    network: "cloud",
    dialect: "netplan",
    description: "Debian 13, by netplan (lab)",
  },
];

/** The image of that name; an error names those that there are. */
export function hostImage(name: string): HostImage {
  const found = hostImages.find((image) => image.name === name);
  if (found === undefined)
    throw new Error(`the lab has no image ${name}; it has ${hostImages.map((image) => image.name).join(", ")}`);
  return found;
}

/** Whether a server is a host of the LAN: any Debian host, without metadata, whose addresses the API does not know. */
export const isOnLan = ({ image }: { image: string | null }): boolean =>
  hostImages.find(({ name }) => name === image)?.network === "lan";
