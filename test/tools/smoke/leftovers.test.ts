import { CloudApi } from "../../../tools/smoke/cloud-api";
import { leftovers, primaryIps, sweep } from "../../../tools/smoke/leftovers";
import { labelKey } from "../../../tools/smoke/order";
import { TOKEN, TryApi } from "../../lab-api/try-api";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ lab";
const order = { id: "1234", serverType: "cx23", location: "fsn1", image: "debian-12" };
const labels = { [labelKey]: order.id };

let lab: TryApi;
let api: CloudApi;
beforeEach(async () => {
  lab = await TryApi.start();
  api = new CloudApi(lab.endpoint, TOKEN);
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await lab.api.close();
});

describe("what is left of a run", () => {
  it("is found by its label and deleted, and nothing else", async () => {
    await lab.done("POST", "/ssh_keys", { name: "mine", public_key: KEY, labels });
    const server = await lab.server("smoke", { labels });
    await lab.server("somebody-else's".replace(/[^a-z-]/g, ""), { labels: { [labelKey]: "5678" } });
    await lab.done("POST", "/floating_ips", { type: "ipv4", server: server.id, labels });
    await lab.done("POST", "/floating_ips", { type: "ipv6", home_location: "fsn1" });

    const addresses = await primaryIps(api, order);
    expect(addresses).toEqual([server.public_net.ipv4.id, server.public_net.ipv6.id]);
    const kinds = (await leftovers(api, order, addresses)).map(({ kind }) => kind);
    expect(kinds).toEqual(["servers", "floating_ips", "ssh_keys", "primary_ips", "primary_ips"]);

    expect(await sweep(api, order, addresses, 30)).toEqual([]);
    expect((await lab.call("GET", "/servers")).body.servers).toHaveLength(1);
    expect((await lab.call("GET", "/floating_ips")).body.floating_ips).toHaveLength(1);
  }, 40_000);

  it("is told when it cannot be deleted", async () => {
    const server = await lab.server("smoke", { labels });
    await lab.done("POST", `/servers/${server.id}/actions/change_protection`, { delete: true, rebuild: true });
    expect(await sweep(api, order, [], 1)).toEqual([{ kind: "servers", id: server.id, name: "smoke" }]);
  }, 20_000);
});

describe("CloudApi", () => {
  it("follows pages", async () => {
    for (let index = 0; index < 5; index++) await lab.server(`s${index}`);
    await lab.lab("PATCH", "/options", { maxPerPage: 2 });
    expect(await api.list("/servers", "servers")).toHaveLength(5);
  });

  it("says that a token is refused, without showing it", async () => {
    const wrong = "y".repeat(64);
    const refused = new CloudApi(lab.endpoint, wrong).list("/servers", "servers");
    await expect(refused).rejects.toThrow(/401 unauthorized.*HCLOUD_TOKEN/);
    await expect(refused).rejects.not.toThrow(wrong);
  });
});
