import { dnsProblems, type DnsInputs } from "../../provider/model/dns-problems";
import { UNKNOWN } from "../../provider/model/unknown";

const good: DnsInputs = { zone: "example.org", ttl: 300, names: [{ key: "www", name: "www" }] };
const named = (...names: string[]): DnsInputs["names"] => names.map((name) => ({ key: name, name }));
const long = Array.from({ length: 4 }, () => "a".repeat(60)).join(".");

test.each<[string, Partial<Record<keyof DnsInputs, unknown>>]>([
  ["names with dots, digits and hyphens, and the domain itself", { names: named("www.lab", "1a", "x-1", "@") }],
  ["the whole name", { names: named("www.example.org", "example.org") }],
  ["a domain without a zone", { zone: undefined, domain: "lab.example.org" }],
  ["the bounds of the TTL", { ttl: 60 }],
  ["the upper bound", { ttl: 2147483647 }],
  ["no machine", { names: [] }],
  ["what a preview does not know", { zone: UNKNOWN, ttl: UNKNOWN }],
])("passes %s", (_what, more) => {
  expect(dnsProblems({ ...good, ...more })).toEqual([]);
});

test.each<[Partial<Record<keyof DnsInputs, unknown>>, string, RegExp]>([
  [{ zone: undefined }, "zone", /^give either `zone`, .* or `domain`/],
  [{ domain: "example.net" }, "zone", /^give either `zone`, .* or `domain`/],
  [
    { zone: "example.org." },
    "zone",
    /^must be a domain in lower case without a final dot, .* \(got "example\.org\."\)$/,
  ],
  [{ zone: "org" }, "zone", /must be a domain/],
  [{ zone: "192.0.2.1" }, "zone", /must be a domain/],
  [{ zone: undefined, domain: "Example.org" }, "domain", /must be a domain in lower case/],
  [{ ttl: 59 }, "ttl", /^must be an integer from 60 to 2147483647 \(got 59\)$/],
  [{ ttl: 2147483648 }, "ttl", /must be an integer/],
  [{ ttl: 60.5 }, "ttl", /must be an integer/],
  [{ private: "yes" }, "private", /must be true or false/],
  [{ names: named("www_1") }, "machines.www_1", /^must be a host name: .* \(got "www_1"\)$/],
  [{ names: named("web-") }, 'machines["web-"]', /must be a host name/],
  [{ names: named("WWW") }, "machines.WWW", /must be a host name/],
  [{ names: named("192.0.2.7") }, 'machines["192.0.2.7"]', /must be a host name/],
  [{ names: [{ key: 0, name: `${"a".repeat(64)}` }] }, "machines[0]", /must be a host name/],
  [
    { names: named("www", "www.example.org") },
    'machines["www.example.org"]',
    /^www\.example\.org is the name of machines\.www already; /,
  ],
  [
    {
      names: [
        { key: 0, name: "a" },
        { key: 1, name: "a" },
      ],
    },
    "machines[1]",
    /^a\.example\.org is the name of machines\[0\] already; give the machines as an object/,
  ],
  [{ names: [{ key: 2, name: long }] }, "machines[2]", /has 255 characters, 253 are allowed$/],
])("refuses %j", (more, path, message) => {
  expect(dnsProblems({ ...good, ...more })).toEqual([{ path, message: expect.stringMatching(message) }]);
});

test("tells of all problems at once", () => {
  const problems = dnsProblems({ zone: "org", ttl: 1, names: named("a_b", "c") });
  expect(problems.map(({ path }) => path)).toEqual(["zone", "ttl", "machines.a_b"]);
});
