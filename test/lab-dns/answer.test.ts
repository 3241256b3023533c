import * as dns from "dns-packet";
import { answerTo, datagramSize } from "../../lab/dns/answer";
import { zonesOf } from "../../lab/dns/zones";

const rrset = (name: string, type: string, ...values: string[]) => ({
  ...{ name, type, ttl: null, labels: {}, protection: { change: false } },
  records: values.map((value) => ({ value })),
});
const soa = "hydrogen.ns.hetzner.com. dns.hetzner.com. 2026010100 86400 10800 3600000 600";
const zones = zonesOf({
  zones: [
    {
      name: "example.org",
      ttl: 3600,
      rrsets: [
        rrset("@", "SOA", soa),
        rrset("@", "NS", "hydrogen.ns.hetzner.com.", "oxygen.ns.hetzner.com."),
        rrset("@", "A", "198.51.100.1"),
        { ...rrset("web", "A", "198.51.100.7", "198.51.100.8"), ttl: 60 },
        rrset("web", "AAAA", "2001:db8:f::7"),
        rrset("www", "CNAME", "web"),
        rrset("far", "CNAME", "www.example.net."),
        rrset("out", "CNAME", "www.example.com."),
        rrset("round", "CNAME", "round"),
        rrset("a.deep", "A", "198.51.100.9"),
        rrset("*.wild", "A", "198.51.100.10"),
        rrset("mail", "MX", "10 web", "20 mx.example.net."),
        rrset("text", "TXT", '"one; \\"quoted\\"" "two"'),
        rrset("_sip._tcp", "SRV", "1 2 5060 web"),
        rrset("@", "CAA", '0 issue "letsencrypt.org"'),
        rrset("odd", "HTTPS", "1 . alpn=h2"),
      ],
    },
    { name: "example.net", ttl: 7200, rrsets: [rrset("www", "A", "198.51.100.20")] },
  ],
  reverse: [
    { ip: "198.51.100.7", dns_ptr: "web.example.org" },
    { ip: "2001:db8:f::7", dns_ptr: "web.example.org" },
  ],
});

const AA = dns.AUTHORITATIVE_ANSWER;
const codes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];
const question = (name: string, type: dns.RecordType, more: Partial<dns.Packet> = {}) =>
  dns.encode({ type: "query", id: 7, flags: dns.RECURSION_DESIRED, questions: [{ name, type }], ...more });

/** Over the wire and back, in short: code, whether it is authoritative, and answers. */
function ask(name: string, type: dns.RecordType): unknown[] {
  const { flags = 0, answers = [] } = decoded(question(name, type));
  const data = answers.map((answer) => (answer as { data: unknown }).data);
  return [codes[flags & 15], (flags & AA) !== 0, ...data];
}

function decoded(message: Buffer): dns.Packet {
  return dns.decode(dns.encode(answerTo(message, zones)!));
}

test.each<[string, dns.RecordType, unknown[]]>([
  ["web.example.org", "A", ["198.51.100.7", "198.51.100.8"]],
  ["WEB.Example.ORG", "AAAA", ["2001:db8:f::7"]],
  ["example.org", "A", ["198.51.100.1"]],
  ["example.org", "NS", ["hydrogen.ns.hetzner.com", "oxygen.ns.hetzner.com"]],
  ["www.example.org", "A", ["web.example.org", "198.51.100.7", "198.51.100.8"]],
  ["www.example.org", "CNAME", ["web.example.org"]],
  ["far.example.org", "A", ["www.example.net", "198.51.100.20"]],
  ["out.example.org", "A", ["www.example.com"]],
  ["x.y.wild.example.org", "A", ["198.51.100.10"]],
  ["mail.example.org", "MX", [{ preference: 10, exchange: "web.example.org" }, { preference: 20, exchange: "mx.example.net" }]],
  ["text.example.org", "TXT", [[Buffer.from('one; "quoted"'), Buffer.from("two")]]],
  ["_sip._tcp.example.org", "SRV", [{ priority: 1, weight: 2, port: 5060, target: "web.example.org" }]],
  ["example.org", "CAA", [expect.objectContaining({ tag: "issue", value: "letsencrypt.org" })]],
  ["7.100.51.198.in-addr.arpa", "PTR", ["web.example.org"]],
  ["7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.f.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "PTR", ["web.example.org"]],
])("%s has %s", (name, type, data) => {
  expect(ask(name, type)).toEqual(["NOERROR", true, ...data]);
}); // prettier-ignore

test.each<[string, dns.RecordType, string, string]>([
  ["no name", "A", "nothing.example.org", "NXDOMAIN"],
  ["no name below one", "A", "x.web.example.org", "NXDOMAIN"],
  ["no such record", "AAAA", "a.deep.example.org", "NOERROR"],
  ["a name that is only on the way", "A", "deep.example.org", "NOERROR"],
  ["a name that has only what is not served", "A", "odd.example.org", "NOERROR"],
])("%s: says so, and for how long", (_what, type, name, code) => {
  const { flags = 0, answers, authorities } = decoded(question(name, type));
  expect([codes[flags & 15], flags & AA, answers]).toEqual([code, AA, []]);
  expect(authorities).toMatchObject([{ name: "example.org", type: "SOA", ttl: 600, data: { serial: 2026010100 } }]);
});

test("no reverse name is no name, in the zone of its network", () => {
  expect(ask("9.100.51.198.in-addr.arpa", "PTR")).toEqual(["NXDOMAIN", true]);
  const { authorities } = decoded(question("9.100.51.198.in-addr.arpa", "PTR"));
  expect(authorities).toMatchObject([{ name: "100.51.198.in-addr.arpa", type: "SOA" }]);
});

test("of other domains, whole zones and everything at once it says nothing", () => {
  expect(ask("example.com", "A")).toEqual(["REFUSED", false]);
  expect(ask("notexample.org", "A")).toEqual(["REFUSED", false]);
  for (const type of ["ANY", "AXFR"] as dns.RecordType[]) expect(ask("example.org", type)).toEqual(["REFUSED", false]);
});

test("a circle of aliases comes to an end", () => {
  const [code, , ...aliases] = ask("round.example.org", "A");
  expect([code, new Set(aliases)]).toEqual(["NOERROR", new Set(["round.example.org"])]);
});

test("a TTL is the record's, else the zone's", () => {
  expect(decoded(question("web.example.org", "A")).answers).toMatchObject([{ ttl: 60 }, { ttl: 60 }]);
  expect(decoded(question("web.example.org", "AAAA")).answers).toMatchObject([{ ttl: 3600 }]);
});

test("repeats the question and its number as they came", () => {
  expect(decoded(question("WeB.example.org", "A"))).toMatchObject({
    id: 7,
    flags: AA | dns.RECURSION_DESIRED,
    questions: [{ name: "WeB.example.org", type: "A", class: "IN" }],
    answers: [{ name: "WeB.example.org" }, {}],
    additionals: [],
  });
});

test("has options when it is asked with some", () => {
  const option = { type: "OPT", name: ".", udpPayloadSize: 4096, flags: 0, options: [] } as unknown as dns.OptAnswer;
  const message = question("web.example.org", "A", { additionals: [option] });
  expect(decoded(message).additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 1232 }]);
  expect([datagramSize(message), datagramSize(question("web.example.org", "A"))]).toEqual([1232, 512]);
});

test("what is no question gets no answer or an error", () => {
  const message = question("web.example.org", "A");
  const changed = (at: number, byte: number) => {
    const copy = Buffer.from(message);
    copy[at] = byte;
    return copy;
  };
  expect(answerTo(Buffer.from("short"), zones)).toBeUndefined();
  expect(answerTo(changed(2, 0x80), zones)).toBeUndefined();
  const code = (bytes: Buffer) => codes[(decoded(bytes).flags ?? 0) & 15];
  expect(code(message.subarray(0, 20))).toBe("FORMERR");
  expect(code(changed(2, 0x28))).toBe("NOTIMP");
  expect(code(changed(14, 0xff))).toBe("FORMERR");
  expect(code(dns.encode({ type: "query", id: 7, questions: [] }))).toBe("FORMERR");
  expect(code(changed(message.length - 1, 3))).toBe("REFUSED");
});
