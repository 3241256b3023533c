import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { billOf } from "../../../tools/smoke/bill";
import { CloudApi } from "../../../tools/smoke/cloud-api";
import { printBill } from "../../../tools/smoke/print-bill";
import { requireToken } from "../../../tools/smoke/token";
import { TOKEN, TryApi } from "../../lab-api/try-api";

const order = { id: "1", serverType: "cx23", location: "fsn1", image: "debian-12" };
const price = (gross: string) => ({ net: "0", gross });
const at = (location: string, hourly: string, monthly: string) => ({
  location,
  price_hourly: price(hourly),
  price_monthly: price(monthly),
});
const replies: Record<string, object> = {
  "/v1/server_types": { server_types: [{ prices: [at("nbg1", "9", "99"), at("fsn1", "0.01", "6")] }] },
  "/v1/pricing": {
    pricing: {
      currency: "EUR",
      primary_ips: [{ type: "ipv4", prices: [at("fsn1", "0.001", "0.6")] }],
      floating_ips: [
        { type: "ipv4", prices: [{ location: "fsn1", price_monthly: price("3.36") }] },
        { type: "ipv6", prices: [{ location: "fsn1", price_monthly: price("0.672") }] },
      ],
    },
  },
};

describe("the price of a run", () => {
  let server: Server;
  let api: CloudApi;
  beforeAll(async () => {
    server = createServer((request, reply) => {
      const body = replies[(request.url ?? "").split("?")[0] ?? ""];
      reply.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
      reply.end(JSON.stringify(body ?? { error: { code: "not_found", message: "nothing here" } }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    api = new CloudApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, TOKEN);
  });
  afterAll(() => void server.close());

  it("is that of the location, twice for what is there twice", async () => {
    const { positions } = await billOf(api, order);
    expect(positions.map(({ hourly, monthly }) => [hourly, monthly])).toEqual([
      [0.02, 12],
      [0.002, 1.2],
      [undefined, 3.36],
      [undefined, 0.672],
    ]);
  });

  it("is summed up per hour, VAT included, with a monthly price divided by the shortest month", async () => {
    const text = printBill(await billOf(api, order));
    expect(text).toContain("2 servers cx23 in fsn1");
    expect(text).toContain("Together about 0.0280 EUR, VAT included");
    expect(text).toContain("more than the whole month, 4.03 EUR");
  });

  it("says where the API gives none", async () => {
    const text = printBill(await billOf(api, { ...order, location: "hel1" }));
    expect(text).toContain("the API gives no price");
  });

  it("is asked of the lab's API too, which knows servers' prices", async () => {
    const lab = await TryApi.start();
    const { positions } = await billOf(new CloudApi(lab.endpoint, TOKEN), order);
    await expect(billOf(new CloudApi(lab.endpoint, TOKEN), { ...order, serverType: "none" })).rejects.toThrow(
      "there is no server type none",
    );
    await lab.api.close();
    expect(positions[0]?.hourly).toBeGreaterThan(0);
  });
});

describe("requireToken", () => {
  it("says what is wrong without showing it", () => {
    for (const HCLOUD_TOKEN of ["tooshort", `${"x".repeat(63)}!`]) {
      expect(() => requireToken({ HCLOUD_TOKEN })).toThrow(/HCLOUD_TOKEN has/);
      expect(() => requireToken({ HCLOUD_TOKEN })).not.toThrow(HCLOUD_TOKEN);
    }
    expect(() => requireToken({})).toThrow("HCLOUD_TOKEN is not set");
    expect(requireToken({ HCLOUD_TOKEN: TOKEN })).toBe(TOKEN);
  });
});
