import { clientAddress, captured } from "../reach";
import type { Checked } from "./checked";
import type { Example } from "./example";
import { areReachedAndSeen, isSeenAs, reaches } from "./promises";

/** A customer, and somebody on the customer's own bridge. */
interface Customer {
  name: string;
  router: string;
  gateway: string;
  behind: string;
}

async function customersOf(example: Example): Promise<Customer[]> {
  const { routers, subnets } = (await example.outputs()) as Record<"routers" | "subnets", Record<string, string>>;
  return Object.entries(routers).map(([name, router]) => {
    const subnet = subnets[name] ?? "";
    expect(subnet).toMatch(/^2001:db8:[0-9a-f:]+::\/80$/);
    const at = (host: string): string => subnet.replace("/80", host);
    return { name, router, gateway: at("1"), behind: at("b") };
  });
}

/** In a network namespace of its own: plugged into `lan0`, with an address of the subnet, and the machine as its router. */
const plugIn = ({ name, gateway, behind }: Customer): string => `ip netns del behind-${name} 2>/dev/null || :
  ip link del port 2>/dev/null || :
  ip netns add behind-${name}
  ip link add port type veth peer name eth0 netns behind-${name}
  ip link set port master lan0 up
  ip -n behind-${name} link set lo up
  ip -n behind-${name} addr add ${behind}/80 dev eth0 nodad
  ip -n behind-${name} link set eth0 up
  ip -n behind-${name} route add default via ${gateway}`;

/** Each is reached behind its router and seen by its own address, from outside and from the other customer, who cannot take it. */
export const customerSubnets: Checked = {
  name: "customer-subnets",
  inMachines: async (example) => {
    const [server = ""] = await example.servers();
    for (const customer of await customersOf(example)) await example.inside(server, customer.name, plugIn(customer));
  },
  works: async (example) => {
    const [server = ""] = await example.servers();
    const customers = await customersOf(example);
    expect(new Set(customers.map(({ behind }) => behind)).size).toBe(2);
    await areReachedAndSeen(example, customers.map(({ router }) => router));
    const behind = {
      lab: example.lab,
      inside: (host: string, name: string, text: string) =>
        example.inside(host, name, `exec ip netns exec behind-${name} sh -ec "${text}"`),
    };
    for (const customer of customers) {
      const { name, behind: own } = customer;
      const others = customers.filter((other) => other !== customer);
      await example.lab.out("client", "ping", "-n", "-c1", "-W5", own);
      await isSeenAs(behind, server, name, own);
      for (const other of others) await reaches(behind, server, name, other.behind);
      for (const other of others) await isNotSentFrom(example, server, other.name, own);
    }
  },
}; // prettier-ignore

/** A machine that takes another customer's address and sends from it is not heard. */
async function isNotSentFrom(example: Example, server: string, name: string, stolen: string): Promise<void> {
  const far = clientAddress.ipv6;
  const sends = `ip addr add ${stolen}/128 dev host0 nodad; ping -n -c2 -W1 -I ${stolen} ${far} || :; ip addr del ${stolen}/128 dev host0; ping -n -c1 -W2 ${far}`;
  const seen = await captured(example.lab, "client", `icmp6 and dst host ${far}`, () => example.inside(server, name, sends));
  expect(seen).toContain("echo request");
  expect(seen).not.toContain(`${stolen} >`);
} // prettier-ignore
