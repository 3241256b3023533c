import { parseFacts } from "../../provider/observe/facts/parse-facts";
import { portToOutside } from "../../provider/observe/uplink";

const link = (ifname: string, master?: string) => ({ ifname, flags: ["UP"], mtu: 1500, ...(master && { master }) });
const route4 = '[{"dst":"default","gateway":"192.0.2.193","dev":"lan0"}]';

/** What a host says that has taken eth0 into lan0, when it is asked about one resource or about all. */
const said = (
  records: string,
  uplinks: string,
  links = [link("lan0"), link("eth0", "lan0"), link("vb-web", "lan0")],
) => {
  const texts = { link: JSON.stringify(links), route4, records, uplinks };
  return portToOutside(parseFacts({ texts: new Map(Object.entries(texts)), files: new Map() }));
};

describe("the interface that leads outside", () => {
  const bridge = "key\tb\nowner\tp/s/bridge/lan0\nuplink\teth0\n";

  it.each([
    ["of the host alone", "key\th\nowner\tp/s/host/one\n"],
    ["of its bridge", bridge],
    ["of nothing", ""],
  ])("is the port of the bridge that stands in its place, in the facts %s", (_, records) => {
    expect(said(records, "eth0\n")).toBe("eth0");
  });

  it("is the bridge that the host had before, whatever its ports are", () => {
    expect(said(bridge, "")).toBe("lan0");
    expect(said(bridge, "eth7\n")).toBe("lan0");
    expect(said(bridge, "eth0\n", [link("lan0"), link("eth0")])).toBe("lan0");
  });
});
