import { readFileSync } from "node:fs";
import { describeInLab } from "../available";
import { expectAbsent } from "../canary";
import { Lab } from "../../support/harness";
import { clientAddress, prove } from "../reach";
import type { Spec } from "../../support/spec";

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
  let key = "";

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
    stack.declare(spec);
    // Here the key comes from the stack's configuration; in the other tests from the agent or an argument.
    key = readFileSync((await lab.env()).NSPAWN_LAB_SSH_KEY, "utf8");
    stack.without = ["SSH_AUTH_SOCK"];
    expect((await stack.pulumiWith(key, "config", "set", "--secret", "nspawn:sshPrivateKey")).code).toBe(0);
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
    "keeps the configured key out of plain state, before and after a refresh",
    async () => {
      for (const refresh of [false, true]) {
        if (refresh) expect((await stack.pulumi("refresh", "--yes", "--skip-preview")).code).toBe(0);
        expectAbsent(JSON.stringify(await stack.export()), key);
      }
    },
    3 * minutes,
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
