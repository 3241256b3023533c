import { reverseZoneFile } from "../../../provider/model/zone-file";
import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import type { MachineSpec, Spec } from "../../support/spec";

const minutes = 60_000;

const webServer = (name: string): MachineSpec => ({
  host: "one",
  bridge: "br0",
  addresses: [{ ipv6For: name }],
  image: { packages: ["nginx-light"] },
});

const spec: Spec = {
  hosts: { one: { server: {} } },
  bridges: { br0: { host: "one" }, nat0: { host: "one", bridge: "nat0", mode: "nat" } },
  ips: { v4: { type: "ipv4", host: "one" } },
  machines: {
    w1: { ...webServer("w1"), addresses: [{ ip: "v4" }, { ipv6For: "w1" }], also: [{ bridge: "nat0" }] },
    w2: webServer("w2"),
    w3: webServer("w3"),
  },
  zones: { "example.org": { ttl: 300 } },
  dns: {
    dns: { zone: "example.org", machines: ["w1", "w2", "w3"], ttl: 60 },
    elsewhere: { domain: "lab.example.net", machines: { www: "w1", "w2.lab.example.net": "w2" }, reverse: false },
  },
};
const names = ["w1", "w2", "w3"];

describeInLab("machines that have names", () => {
  const lab = new Lab("e2e-dns");
  const stack = lab.stack("dns");
  const addresses: Record<string, string> = {};
  let ipv4 = "";

  /** What the client's resolver says, as lines. */
  const dig = async (...question: string[]): Promise<string[]> =>
    (await lab.out("client", "dig", "+short", ...question)).split("\n").filter((line) => line !== "");
  const status = async (...question: string[]) =>
    (await lab.out("client", "dig", ...question)).match(/status: (\w+)/)?.[1];
  const inside = (machine: string, text: string) =>
    lab.out(
      "one",
      "systemd-run",
      "-q",
      "--wait",
      "--pipe",
      "--collect",
      `--machine=${machine}`,
      "/bin/sh",
      "-ec",
      text,
    );
  const noDrift = async () => {
    const { output, code } = await stack.drift();
    expect(code === 0 ? "" : output).toBe("");
  };
  const rrsets = async (): Promise<Record<string, unknown>> => {
    const { rrsets: all } = await lab.api("GET", "/zones/example.org/rrsets?per_page=100");
    const own = all.filter(({ type }: { type: string }) => type === "A" || type === "AAAA");
    return Object.fromEntries(
      own.map(({ id, ttl, records }: { id: string; ttl: number; records: unknown }) => [id, { ttl, records }]),
    );
  };
  const expected = (name: string) => ({ ttl: 60, records: [{ value: addresses[name] }] });

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec);
    const { machines } = await stack.outputs();
    for (const name of names) addresses[name] = machines[name]?.ipv6 ?? "";
    ipv4 = machines.w1?.ipv4 ?? "";
    for (const name of names) await inside(name, "hostname >/var/www/html/index.html");
  }, 30 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  test(
    "answer to the client's resolver with their public addresses, which lead back to them",
    async () => {
      for (const name of names) {
        expect(await dig("AAAA", `${name}.example.org`)).toEqual([addresses[name]]);
        expect(await dig("-x", addresses[name]!)).toEqual([`${name}.example.org.`]);
        expect(await lab.out("client", "getent", "ahostsv6", `${name}.example.org`)).toContain(`${addresses[name]} `);
      }
      expect(new Set(Object.values(addresses)).size).toBe(3);
      expect(await dig("A", "w1.example.org")).toEqual([ipv4]);
      expect(await dig("-x", ipv4)).toEqual(["w1.example.org."]);
      expect(await dig("+tcp", "AAAA", "w1.example.org")).toEqual([addresses.w1]);
      expect(await dig("@oxygen.ns.hetzner.com", "AAAA", "w2.example.org")).toEqual([addresses.w2]);
      expect(await status("A", "w2.example.org")).toBe("NOERROR");
      expect(await status("A", "w9.example.org")).toBe("NXDOMAIN");
    },
    2 * minutes,
  );

  test(
    "are reached by name, all of them on port 80 and by ssh",
    async () => {
      for (const name of names) {
        const page = await lab.out("client", "curl", "-sS", "-6", "--max-time", "10", `http://${name}.example.org/`);
        expect(page.trim()).toBe(name);
        const ssh = [
          "ssh",
          "-o",
          "BatchMode=yes",
          "-o",
          "StrictHostKeyChecking=accept-new",
          `root@${name}.example.org`,
        ];
        expect((await lab.out("client", ...ssh, "hostname")).trim()).toBe(name);
      }
    },
    2 * minutes,
  );

  test(
    "have the same records as text for another server",
    async () => {
      const { zoneFiles } = (await stack.outputs()) as unknown as { zoneFiles: Record<string, Record<string, string>> };
      const domain = "lab.example.net";
      const both = [
        { name: "www", addresses: [ipv4, addresses.w1!] },
        { name: "w2", addresses: [addresses.w2!] },
      ];
      expect(zoneFiles.elsewhere).toEqual({
        zoneFile: `www\tIN\tA\t${ipv4}\nwww\tIN\tAAAA\t${addresses.w1}\nw2\tIN\tAAAA\t${addresses.w2}\n`,
        reverseZoneFile: reverseZoneFile(both, { domain }),
      });
      expect(zoneFiles.dns?.zoneFile).toContain(`w3\t60\tIN\tAAAA\t${addresses.w3}\n`);
      expect(zoneFiles.dns?.zoneFile).not.toContain("10.");
    },
    2 * minutes,
  );

  test(
    "have their records back that somebody changed or took away",
    async () => {
      await noDrift();
      const wrong = { records: [{ value: "2001:db8:bad::1" }] };
      await lab.api("POST", "/zones/example.org/rrsets/w2/AAAA/actions/set_records", wrong);
      await lab.api("DELETE", "/zones/example.org/rrsets/w3/AAAA");
      expect(await dig("AAAA", "w2.example.org")).toEqual(["2001:db8:bad::1"]);
      expect(await status("AAAA", "w3.example.org")).toBe("NXDOMAIN");
      const { output, code } = await stack.drift();
      expect(code).not.toBe(0);
      expect(output).toContain("2001:db8:bad::1");
      await stack.up(spec, "--refresh");
      for (const name of names) expect(await dig("AAAA", `${name}.example.org`)).toEqual([addresses[name]]);
      await noDrift();
    },
    10 * minutes,
  );

  test(
    "leave others' records alone, and are refused a name that somebody else has",
    async () => {
      const foreign = { name: "mail", type: "A", records: [{ value: "198.51.100.200" }] };
      await lab.api("POST", "/zones/example.org/rrsets", foreign);
      stack.declare({
        ...spec,
        dns: { ...spec.dns, more: { zone: "example.org", machines: { mail: "w1" }, reverse: false } },
      });
      const refused = await stack.pulumi("up", "--yes", "--skip-preview");
      expect(refused.code).not.toBe(0);
      expect(refused.output).toMatch(/uniqueness_error/);
      await stack.up(spec);
      expect(await dig("A", "mail.example.org")).toEqual(["198.51.100.200"]);
    },
    10 * minutes,
  );

  test(
    "lose their records with themselves, and no other machine does",
    async () => {
      const { w3: _, ...machines } = spec.machines ?? {};
      const dns = { dns: { ...spec.dns!.dns!, machines: ["w1", "w2"] }, elsewhere: spec.dns!.elsewhere! };
      const said = await stack.up({ ...spec, machines, dns });
      expect(said).toMatch(/ZoneRrset +dns-w3-AAAA +deleted/);
      expect(said).not.toMatch(/(ZoneRrset|Rdns) +dns-(w[12]|br0-w[12]|v4)/);
      expect(await rrsets()).toEqual({
        "w1/A": { ttl: 60, records: [{ value: ipv4 }] },
        "w1/AAAA": expected("w1"),
        "w2/AAAA": expected("w2"),
        "mail/A": { ttl: null, records: [{ value: "198.51.100.200" }] },
      });
      expect(await status("AAAA", "w3.example.org")).toBe("NXDOMAIN");
      expect(await status("-x", addresses.w3!)).toBe("NXDOMAIN");
      await noDrift();
    },
    10 * minutes,
  );

  test(
    "leave nothing behind",
    async () => {
      await stack.destroy();
      expect((await lab.api("GET", "/zones")).zones).toEqual([]);
      expect(await status("AAAA", "w1.example.org")).toBe("REFUSED");
    },
    10 * minutes,
  );
});
