/** What the API asks of the machine below it. Every call settles when the thing is done; a rejection makes the action end in error. */
export interface ServerSpec {
  id: number;
  name: string;
  /** `debian-13`, or a variant such as `debian-13-netplan`; see images/host-images.ts. */
  image: string;
  /** `96:00:…`, unique in the lab. */
  macAddress: string;
  /** Primary IPv4 without prefix, or null when the family is off. */
  ipv4: string | null;
  /** Primary IPv6 network, `2001:db8:1::/64`, or null when the family is off. */
  ipv6: string | null;
  /** Public keys in OpenSSH form. */
  sshKeys: string[];
  userData: string;
  createdAt: string;
}

/** A private network as its router knows it. */
export interface NetworkSpec {
  id: number;
  name: string;
  /** `10.0.0.0/16`; its first address is the gateway's. */
  ipRange: string;
  routes: { destination: string; gateway: string }[];
  members: NetworkMember[];
}

/** A server's place in a private network. */
export interface NetworkMember {
  server: number;
  ip: string;
  aliasIps: string[];
  /** `86:00:…`, unique in the lab. */
  macAddress: string;
  /** The subnet that the address is of. */
  subnet: string;
}

export interface Backend {
  /** Makes the disk and the cable; does not boot. */
  create(server: ServerSpec): Promise<void>;
  boot(id: number): Promise<void>;
  /** Sends the power button's signal and returns at once. */
  shutdown(id: number): Promise<void>;
  /** Cuts the power. */
  kill(id: number): Promise<void>;
  /** Whether the server's processes run now. */
  isRunning(id: number): Promise<boolean>;
  /** New disk from an image, same id and addresses. The server is off. */
  wipe(server: ServerSpec): Promise<void>;
  destroy(id: number): Promise<void>;
  /** Points an address (`198.51.100.7/32`) or a network (`2001:db8:f::/64`) at a server's cable, or nowhere. */
  route(prefix: string, serverId: number | null): Promise<void>;
  /** Makes a private network as it is described: who is on it, by an interface of its own, and where its routes lead. */
  network(network: NetworkSpec): Promise<void>;
  /** Takes a private network away, and the interfaces with it. */
  dropNetwork(id: number): Promise<void>;
}
