import { Resolver } from "node:dns/promises";
import { connect } from "node:net";
import * as dns from "dns-packet";
import { type NameServer, serveNames } from "../../lab/dns/server";
import { zonesOf } from "../../lab/dns/zones";
import type { Zone } from "../../lab/dns/zone";

const many = Array.from({ length: 50 }, (_, index) => `198.51.100.${index + 1}`);
const zone = (...values: string[]): Zone[] =>
  zonesOf({
    zones: [
      {
        name: "example.org",
        ttl: 60,
        rrsets: [
          {
            ...{ name: "web", type: "A", ttl: null, labels: {}, protection: { change: false } },
            records: values.map((value) => ({ value })),
          },
        ],
      },
    ],
    reverse: [{ ip: "198.51.100.7", dns_ptr: "web.example.org" }],
  });

let zones: Zone[] = [];
let server: NameServer;
let resolver: Resolver;
beforeEach(async () => {
  zones = zone("198.51.100.7");
  server = await serveNames("127.0.0.1", 0, () => zones);
  resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.port}`]);
});
afterEach(() => server.close());

test("answers a resolver over UDP, of what the zones are at the time", async () => {
  expect(await resolver.resolve4("web.example.org", { ttl: true })).toEqual([{ address: "198.51.100.7", ttl: 60 }]);
  expect(await resolver.reverse("198.51.100.7")).toEqual(["web.example.org"]);
  await expect(resolver.resolve6("web.example.org")).rejects.toMatchObject({ code: "ENODATA" });
  await expect(resolver.resolve4("db.example.org")).rejects.toMatchObject({ code: "ENOTFOUND" });
  await expect(resolver.resolve4("example.com")).rejects.toMatchObject({ code: "EREFUSED" });
  zones = zone("198.51.100.8");
  expect(await resolver.resolve4("web.example.org")).toEqual(["198.51.100.8"]);
});

test("says over UDP that an answer is too long, and gives it over TCP", async () => {
  zones = zone(...many);
  expect((await resolver.resolve4("web.example.org")).sort()).toEqual([...many].sort());
});

test("answers several questions of one connection, in pieces as they come", async () => {
  const question = (id: number) =>
    dns.streamEncode({ type: "query", id, questions: [{ name: "web.example.org", type: "A" }] });
  const bytes = Buffer.concat([question(1), question(2)]);
  const socket = connect(server.port, "127.0.0.1");
  let said = Buffer.alloc(0);
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject).on("data", (piece: Buffer) => {
      said = Buffer.concat([said, piece]);
      const first = said.length >= 2 ? 2 + said.readUInt16BE(0) : Infinity;
      if (said.length >= first + 2 && said.length >= first + 2 + said.readUInt16BE(first)) resolve();
    });
    socket.write(bytes.subarray(0, 5), () => setTimeout(() => socket.write(bytes.subarray(5)), 50));
  });
  socket.destroy();
  const second = said.subarray(2 + said.readUInt16BE(0));
  expect([dns.streamDecode(said).id, dns.streamDecode(second).id]).toEqual([1, 2]);
});
