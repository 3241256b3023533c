import { nspawnMachine } from "../../provider/handlers";
import type { Properties } from "../../provider/handlers/state";
import { machineArguments } from "../support/arguments";

/** Inputs, and the outputs that a machine has after `up`. */
async function stateOf(changes: Properties): Promise<{ inputs: Properties; outputs: Properties }> {
  const { inputs, failures } = await nspawnMachine.check({}, machineArguments(changes));
  expect(failures).toEqual([]);
  const { files: _files, boot: _boot, live: _live, ...args } = inputs;
  const found = { macAddress: "02:00:00:00:00:01", os: "Debian GNU/Linux 12 (bookworm)", applied: "0123456789abcdef" };
  return { inputs, outputs: { ...args, ...found } };
}

const protectedNetwork = (addresses: Properties[]): Properties => ({
  bridge: "br0",
  host: "shop/lab/host/host-1",
  addresses,
  gateway4: "203.0.113.2",
  ipv6: "2001:db8:1::/64",
  isolation: "tenant",
});

describe("a machine as a program makes it by default, protected and confined", () => {
  it("has at most 4 kB of inputs and outputs, with an address of each family", async () => {
    const addresses = [
      { address: "198.51.100.107", proxied: false },
      { address: "2001:db8:f00:1234:dea4:9f66:1175:be9b", proxied: true },
    ];
    const { inputs, outputs } = await stateOf({ networks: [protectedNetwork(addresses)] });
    expect(JSON.stringify(inputs).length + JSON.stringify(outputs).length).toBeLessThanOrEqual(4096);
  });

  it("says in state what a program said, and not what it said nothing of", async () => {
    const { outputs } = await stateOf({ networks: [protectedNetwork([{ address: "2001:db8:1::7", proxied: true }])] });
    expect(outputs.networks).toEqual([
      { bridge: "br0", addresses: [{ address: "2001:db8:1::7", proxied: true }], isolation: "tenant" },
    ]);
    expect(outputs).not.toHaveProperty("hostname");
    expect(outputs).not.toHaveProperty("stateVersion");
    expect(outputs.image).toEqual({ suite: "bookworm", packages: ["nginx-light", "openssh-server"] });
  });
});
