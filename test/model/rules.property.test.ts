import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { canonicalIPv4, canonicalIPv6 } from "../../provider/model/address";
import { parseNetwork } from "../../provider/model/cidr";
import { Place } from "../../provider/model/read/place";
import { hostileText } from "../support/hostile-text";
import { rules, type RuleCase } from "./rules";

const runs = { seed: 20261126, numRuns: 1000 };
const canary = "CANARY4711";

const harmless = (message: string): boolean => /^[ -~…`]{10,500}$/.test(message);

function read({ read: reader }: RuleCase, value: unknown) {
  const place = Place.root();
  return { value: reader(value, place.key("argument")), problems: place.problems };
}

describe.each(Object.entries(rules))("the rule of %s", (_name, rule) => {
  it("accepts only what is safe, in a form that reads back as itself, and refuses with the argument's name", () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostileText(rule.valid), (text) => {
        const { value, problems } = read(rule, text);
        if (problems.length > 0)
          return problems.every(({ path, message }) => path.startsWith("argument") && harmless(message));
        accepted += 1;
        const again = read(rule, value);
        return rule.safe.test(value) && again.value === value && again.problems.length === 0;
      }),
      runs,
    );
    // Else the property says nothing of one of the two.
    expect(accepted).toBeGreaterThan(50);
    expect(accepted).toBeLessThan(950);
  });

  it("refuses what is no text", () => {
    const other = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.array(fc.string()),
      fc.constant({ toString: 1 }),
    );
    fc.assert(
      fc.property(other, (value) => {
        const { problems } = read(rule, value);
        return problems.length > 0 && problems[0]!.path.startsWith("argument");
      }),
      { ...runs, numRuns: 100 },
    );
  });
});

describe.each(Object.entries(rules).filter(([, rule]) => rule.secret))("the rule of a secret, %s,", (_name, rule) => {
  it("never shows any of it", () => {
    fc.assert(
      fc.property(hostileText(rule.valid), fc.nat(), (text, at) => {
        const place = at % (text.length + 1);
        const { problems } = read(rule, text.slice(0, place) + canary + text.slice(place));
        expect(JSON.stringify(problems)).not.toContain(canary);
      }),
      runs,
    );
  });
});

const python = `
import ipaddress, json, sys
def of(make, text):
    try: return str(make(text))
    except ValueError: return None
print(json.dumps([[of(ipaddress.IPv4Address, t), of(ipaddress.IPv6Address, t), of(ipaddress.IPv6Network, t)] for t in json.load(sys.stdin)]))
`;

describe("addresses, beside Python's ipaddress", () => {
  const valid = [
    "198.51.100.7",
    "2001:db8::7",
    "2001:DB8:0:0:1::",
    "1:2:3:4:5:6:7:8",
    "2001:db8:1::/64",
    "::/0",
    "fd00::/8",
  ];
  // Well-formed text only: JSON of half a surrogate pair is not the same text on the other side.
  const texts = fc.sample(
    hostileText(valid).filter((text) => !/\p{Surrogate}/u.test(text)),
    runs,
  );
  const answer = spawnSync("python3", ["-c", python], { input: JSON.stringify(texts), encoding: "utf8" });
  const oracle = answer.status === 0 ? it : it.skip;

  oracle(
    "are the same, but for what is refused on purpose: scopes, embedded IPv4, digits of other scripts, bare networks",
    () => {
      const theirs = JSON.parse(answer.stdout) as (string | null)[][];
      const ours = texts.map((text) => {
        const network = parseNetwork(text);
        const whole = typeof network === "string" ? null : `${network.first}/${network.length}`;
        return [canonicalIPv4(text) ?? null, canonicalIPv6(text) ?? null, whole];
      });
      const expected = texts.map((text, index) => {
        const [four, six, network] = theirs[index]!;
        const plain = /^[0-9A-Fa-f:./]*$/.test(text);
        return [
          plain ? four : null,
          plain && !text.includes(".") ? six : null,
          plain && !text.includes(".") && /\/(0|[1-9]\d*)$/.test(text) ? network : null,
        ];
      });
      expect(ours).toEqual(expected);
      expect(ours.flat().filter((value) => value !== null).length).toBeGreaterThan(200);
    },
  );
});
