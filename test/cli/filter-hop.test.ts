import { pathOf } from "../../cli/doctor/path";
import { docker } from "../observe/netfilter/rulesets";
import { found, machine } from "./host";

const hopOf = (changes: Record<string, string>, of = machine()) =>
  pathOf(of, found(changes)).find(({ hop }) => hop === "others' filters");

describe("the hop of others' filters", () => {
  test("is in order where nobody filters, and where nothing is certain", () => {
    expect(hopOf({})).toEqual({ hop: "others' filters", subject: "eth0", ok: true, seen: "there are none" });
    const some = docker.replace("FORWARD DROP", "FORWARD ACCEPT");
    expect(hopOf({ "iptables.ip": some })).toMatchObject({
      ok: true,
      seen: "none drops what is ours for certain",
    });
  });

  test("names table, chain and what to add", () => {
    expect(hopOf({ "legacy.ip": docker })).toMatchObject({
      ok: false,
      seen: expect.stringContaining(
        "IPv4 to machines on br0: iptables-legacy, table ip filter, chain FORWARD, policy drop",
      ),
      advice: expect.stringContaining("iptables-legacy -I DOCKER-USER -o br0 -j ACCEPT"),
    });
    const six = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n";
    expect(hopOf({ "iptables.ip6": six })).toMatchObject({
      ok: false,
      seen: expect.stringContaining("neighbour discovery on eth0: table ip6 filter, chain INPUT, policy drop"),
    });
  });

  test("says what it could not read", () => {
    expect(hopOf({ "ruleset.unread": "the rules of nft, which are more than 2097152 bytes\n" })).toMatchObject({
      ok: null,
      seen: "not read: the rules of nft, which are more than 2097152 bytes",
    });
  });
});
