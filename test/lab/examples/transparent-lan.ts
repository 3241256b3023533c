import { hostOnLan } from "../host-on-lan";
import { pings } from "../reach";
import type { Checked } from "./checked";
import { areReachedAndSeen, isSeenAs } from "./promises";

interface Outputs {
  webAddresses: string[];
  dbAddress: string;
}

/** Both are on the LAN by addresses of their own, which nobody translates; and the host is where it was. */
export const transparentLan: Checked = {
  name: "transparent-lan",
  given: async (lab) => {
    const { address, hostKey } = await hostOnLan(lab, "home");
    return { "192.0.2.205": address, "ssh-ed25519 AAAA…": hostKey };
  },
  works: async (example) => {
    const { webAddresses, dbAddress } = (await example.outputs()) as Outputs;
    const [lease = "", advertised = ""] = webAddresses;
    expect([lease, advertised]).toEqual([expect.stringMatching(/^192\.0\.2\./), expect.stringMatching(/^2001:db8:ffff:2:/)]);
    const shown = await example.inside("home", "web", "ip -o addr show dev host0 scope global");
    for (const address of [lease, advertised]) expect(shown).toContain(` ${address}/`);
    await areReachedAndSeen(example, [lease, advertised, dbAddress]);
    await isSeenAs(example, "home", "web", lease);
    await isSeenAs(example, "home", "web", advertised);
    const own = await example.lab.sh("home", "ip -o -4 addr show dev br0 scope global");
    const host = / inet ([^/]+)\//.exec(own)?.[1] ?? "";
    expect([host, await pings(example.lab, host)]).toEqual([host, true]);
    // Nothing leads to them or answers for them: they are neighbours like others.
    expect(await example.lab.sh("home", "ip neigh show proxy; ip -6 neigh show proxy; nft list ruleset | grep masquerade || :")).toBe("");
  },
}; // prettier-ignore
