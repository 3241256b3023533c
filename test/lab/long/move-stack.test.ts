import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { pingsWithin } from "../reach";
import type { Spec } from "../../support/spec";

jest.setTimeout(1_200_000);

/** A server with a machine that has a floating address and one of its host's own network. */
const spec = (host: string): Spec => ({
  hosts: { [host]: { server: {} } },
  bridges: { [`br-${host}`]: { host } },
  ips: { web: { type: "ipv4", host } },
  machines: {
    web: {
      host,
      bridge: `br-${host}`,
      addresses: [{ ip: "web" }, { ipv6For: "web" }],
      login: false,
      onDelete: "delete",
    },
  },
});

describeInLab("a machine moves to a new server in the `up` that removes the old one, with the real engine", () => {
  const lab = new Lab(`move-stack-${process.pid}`);
  const stack = lab.stack("move");
  let before: { ipv4?: string; ipv6?: string } = {};

  beforeAll(async () => {
    await lab.up();
    await stack.init();
    await stack.up(spec("a"));
    before = (await stack.outputs()).machines.web ?? {};
    await lab.sh("a", "echo precious >/var/lib/machines/web/srv/data; chown 1234:4321 /var/lib/machines/web/srv/data");
  });

  afterAll(() => lab.down());

  it("shows an update, and which address stays behind", async () => {
    stack.declare(spec("b"));
    const { output } = await stack.pulumi("preview", "--diff");
    expect(output).toMatch(/~ pulumi-nodejs:dynamic\/nspawn:NspawnMachine: \(update\)/);
    expect(output).toContain(`moves to another host: ${before.ipv6} stay behind`);
  });

  it("copies first, and deletes the old server last", async () => {
    await stack.up(spec("b"));
    expect((await lab.sh("b", "cd /var/lib/machines/web/srv; cat data; stat -c %u:%g data")).trim()).toBe(
      "precious\n1234:4321",
    );
    const { servers } = (await lab.api("GET", "/servers")) as { servers: { name: string }[] };
    expect(servers.map(({ name }) => name)).toEqual(["b"]);
    const { ipv4 = "", ipv6 = "" } = (await stack.outputs()).machines.web ?? {};
    expect([ipv4, ipv6 === before.ipv6]).toEqual([before.ipv4, false]);
    expect(await pingsWithin(lab, ipv4, 20)).toBeGreaterThanOrEqual(0);
    expect(await pingsWithin(lab, ipv6, 20)).toBeGreaterThanOrEqual(0);
    const { code, output } = await stack.drift();
    expect(`${code} ${code === 0 ? "" : output}`).toBe("0 ");
  });

  it("can be destroyed from there", async () => {
    await stack.destroy();
    expect(await lab.api("GET", "/servers")).toMatchObject({ servers: [] });
  });
});
