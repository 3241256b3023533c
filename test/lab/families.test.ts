import { describeInLab } from "./available";
import { Lab } from "./harness";
import { clientAddress, prove } from "./reach";
import type { Spec } from "./spec";

const minutes = 60_000;

const spec: Spec = {
  hosts: {
    four: { server: { publicNets: [{ ipv4Enabled: true, ipv6Enabled: false }] } },
    six: { server: { publicNets: [{ ipv4Enabled: false, ipv6Enabled: true }] } },
  },
  bridges: { br4: { host: "four", bridge: "br0" }, br6: { host: "six", bridge: "br0" } },
  ips: { v4: { type: "ipv4", host: "four" }, v6: { type: "ipv6", host: "six" } },
  machines: {
    web4: { host: "four", bridge: "br4", addresses: [{ ip: "v4" }] },
    web6: { host: "six", bridge: "br6", addresses: [{ ip: "v6" }] },
  },
};

describeInLab("one address family alone", () => {
  const lab = new Lab("e2e-family");
  const stack = lab.stack("families");

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    await stack.up(spec);
  }, 30 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test.each([
    ["web4", "ipv4"],
    ["web6", "ipv6"],
  ] as const)(
    "%s is reached and seen by its %s address",
    async (machine, family) => {
      const found = (await stack.outputs()).machines[machine];
      const address = found?.[family] ?? "";
      const own = clientAddress[family];
      expect(found).toEqual({ [family]: address });
      expect(await prove(lab, address, own)).toMatchObject({
        pingFromClient: true,
        tcpFromClient: true,
        sourceSeenByMachine: own,
        sourceSeenByClient: address,
      });
    },
    2 * minutes,
  );

  test(
    "sees nothing to do",
    async () => {
      const drift = await stack.drift();
      expect(drift.output).not.toContain("error");
      expect(drift.code).toBe(0);
    },
    2 * minutes,
  );
});
