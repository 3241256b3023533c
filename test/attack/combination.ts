/** What a combination adds to the plainest program. Rules of the filter differ between any two of them. */
export interface Combination {
  name: string;
  network?: object;
  /** More arguments of machines, by name. */
  machines?: Record<string, object>;
  /** Whether there is a second bridge with machine d on it. */
  twoBridges?: boolean;
  /** Whether A and B have a subnet each, and the host has somebody who answers for these on the uplink. */
  subnets?: boolean;
}

const any = ["0.0.0.0/0", "::/0"];

const firewalls = {
  a: {
    firewall: [
      { direction: "in", protocol: "tcp", port: "80", sources: any },
      { direction: "in", protocol: "udp", port: "7777", sources: any },
      { direction: "in", protocol: "icmp", sources: any },
      { direction: "out", protocol: "tcp", port: "80", destinations: any },
      { direction: "out", protocol: "tcp", port: "7000-7999", destinations: any },
      { direction: "out", protocol: "udp", port: "53", destinations: any },
      { direction: "out", protocol: "udp", port: "7777", destinations: any },
      { direction: "out", protocol: "icmp", destinations: any },
    ],
  },
};

const groups = [["a", "c"], ["b"]];

export const combinations: readonly Combination[] = [
  { name: "bridges", twoBridges: true },
  { name: "plain" },
  { name: "firewall", machines: firewalls },
  { name: "separate", network: { allowBetween: "none" } },
  { name: "groups", network: { allowBetween: groups } },
  {
    name: "services",
    network: {
      hostServices: [
        { protocol: "tcp", port: 8080 },
        { protocol: "udp", port: 8080 },
      ],
    },
  },
  { name: "subnets", subnets: true },
  { name: "subnets-groups", subnets: true, network: { allowBetween: groups }, machines: firewalls },
];
