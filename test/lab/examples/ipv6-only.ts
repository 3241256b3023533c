import type { Checked } from "./checked";
import type { Example } from "./example";
import { areReachedAndSeen } from "./promises";

const names = ["web", ...Array.from({ length: 9 }, (_, index) => `w${index + 2}`)];

/** By name, as the zone file has them. */
async function addressesOf(example: Example): Promise<Record<string, string>> {
  const { zoneFile } = (await example.outputs()) as { zoneFile: string };
  const records = [...zoneFile.matchAll(/^(\S+)\t.*\tAAAA\t(\S+)$/gm)];
  return Object.fromEntries(records.map(([, name, address]) => [name, address]));
}

/** In DNS, both ways; on port 80, and by SSH. */
async function isNamed({ lab }: Example, name: string, address: string): Promise<void> {
  const host = `${name}.example.org`;
  const client = async (...argv: string[]): Promise<string> => (await lab.out("client", ...argv)).trim();
  const page = ["-sS", "-o", "/dev/null", "-w", "%{http_code} %{remote_ip} %{remote_port}"];
  const login = ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new", `root@${host}`];
  const seen = {
    name,
    address: await client("dig", "+short", "AAAA", host),
    reverse: await client("dig", "+short", "-x", address),
    page: await client("curl", ...page, `http://${host}/`),
    login: await client("ssh", ...login, "hostname"),
  };
  expect(seen).toEqual({ name, address, reverse: `${host}.`, page: `200 ${address} 80`, login: name });
}

/** S2.11 to S2.14: ten on port 80, each with its own address and name, and SSH straight to each. */
export const ipv6Only: Checked = {
  name: "ipv6-only",
  works: async (example) => {
    const addresses = await addressesOf(example);
    expect(Object.keys(addresses).sort()).toEqual([...names].sort());
    expect(new Set(Object.values(addresses)).size).toBe(10);
    await Promise.all(names.map((name) => isNamed(example, name, addresses[name] ?? "")));
    // Both ends see each other's own address.
    await areReachedAndSeen(example, Object.values(addresses));
  },
};
