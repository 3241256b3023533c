import { Lab } from "../../support/harness";
import type { HostSpec, Spec } from "../../support/spec";
import { apiServer } from "../api-server";
import { describeInLab } from "../available";
import { pingsWithin } from "../reach";

const minutes = 60_000;

const specOf = (one: HostSpec): Spec => ({
  // The server has it already, and the API takes each key once.
  sshKey: false,
  hosts: { one },
  bridges: { br0: { host: "one" }, nat0: { host: "one", bridge: "nat0", mode: "nat" } },
  machines: { web: { host: "one", bridge: "br0", addresses: [{ ipv6For: "web" }], also: [{ bridge: "nat0" }] } },
});

describeInLab("a server that the program does no more than read", () => {
  const lab = new Lab("e2e-given");
  const stack = lab.stack("given");
  let id = 0;

  /** What the library leaves on a host, where it leaves anything. */
  const left = () =>
    lab.sh("one", "ls -d /etc/pulumi-nspawn /var/lib/pulumi-nspawn/owners/* /etc/systemd/nspawn /var/lib/machines/* 2>/dev/null || true; ls /sys/class/net; nft list tables 2>/dev/null || true; machinectl list --no-legend 2>/dev/null || true");

  beforeAll(async () => {
    await lab.down();
    await lab.up();
    await stack.init();
  }, 10 * minutes);
  afterAll(() => lab.down(), 2 * minutes);

  test(
    "is a host like others",
    async () => {
      const server = await apiServer(lab, "one");
      id = server.id;
      await stack.up(specOf({ given: id, ssh: { hostKey: server.hostKey } }));
      const { machines } = await stack.outputs();
      expect(await pingsWithin(lab, machines.web?.ipv6 ?? "", 20)).toBeGreaterThanOrEqual(0);
      expect(await left()).toMatch(/pulumi-nspawn[^]*br0[^]*nat0[^]*vb-web/);
    },
    15 * minutes,
  );

  test(
    "is there after a destroy, and is what it was before",
    async () => {
      await stack.destroy();
      expect((await lab.api("GET", `/servers/${id}`)).server.status).toBe("running");
      expect(await left()).not.toMatch(/pulumi-nspawn|machines\/|br0|nat0|vb-|web/);
    },
    5 * minutes,
  );
}); // prettier-ignore
