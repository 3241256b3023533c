import { reverseZoneFile, zoneFile } from "../../provider/model/zone-file";

const names = [
  { name: "lxcdebian", addresses: ["2001:db8:ebbd:2080:216:3eff:feae:a30"] },
  { name: "www.lab", addresses: ["198.51.100.7", "2001:db8:f::7"] },
  { name: "example.org", addresses: ["198.51.100.8"] },
  { name: "db.example.org", addresses: ["10.0.3.4"] },
];

test("a zone file has a line for each address, relative to the domain", () => {
  expect(zoneFile(names, { domain: "example.org" })).toBe(
    [
      "lxcdebian\tIN\tAAAA\t2001:db8:ebbd:2080:216:3eff:feae:a30\n",
      "www.lab\tIN\tA\t198.51.100.7\n",
      "www.lab\tIN\tAAAA\t2001:db8:f::7\n",
      "@\tIN\tA\t198.51.100.8\n",
      "db\tIN\tA\t10.0.3.4\n",
    ].join(""),
  );
});

test("the reverse one has whole names, because its lines are of several zones", () => {
  expect(reverseZoneFile(names, { domain: "example.org", ttl: 300 })).toBe(
    [
      "0.3.a.0.e.a.e.f.f.f.e.3.6.1.2.0.0.8.0.2.d.b.b.e.8.b.d.0.1.0.0.2.ip6.arpa.\t300\tIN\tPTR\tlxcdebian.example.org.\n",
      "7.100.51.198.in-addr.arpa.\t300\tIN\tPTR\twww.lab.example.org.\n",
      "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.f.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.\t300\tIN\tPTR\twww.lab.example.org.\n",
      "8.100.51.198.in-addr.arpa.\t300\tIN\tPTR\texample.org.\n",
      "4.3.0.10.in-addr.arpa.\t300\tIN\tPTR\tdb.example.org.\n",
    ].join(""),
  );
});

test("one name more changes no other line, and none is no text", () => {
  const before = zoneFile(names, { domain: "example.org", ttl: 60 });
  const more = { name: "a-much-longer-name", addresses: ["2001:db8:f::9"] };
  const after = zoneFile([...names, more], { domain: "example.org", ttl: 60 });
  expect(after).toBe(`${before}a-much-longer-name\t60\tIN\tAAAA\t2001:db8:f::9\n`);
  expect(zoneFile([], { domain: "example.org" })).toBe("");
});
