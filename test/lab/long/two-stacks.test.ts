import { driver, type Answer, type Properties } from "../../support/driver";
import { apiServer, type ApiServer } from "../api-server";
import { describeInLab } from "../available";
import { Lab } from "../../support/harness";

const minutes = 60_000;
const trials = Number(process.env.NSPAWN_TRIALS ?? 50);
const seed = Number(process.env.NSPAWN_SEED ?? 4);

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function* random(from: number): Generator<number, never> {
  for (let state = from >>> 0; ;) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
}

describeInLab("two stacks that want the same of one host, at the same time", () => {
  const lab = new Lab("e2e-two-stacks");
  const chance = random(seed);
  let server: ApiServer;

  beforeAll(async () => {
    process.stderr.write(`two stacks: ${trials} trials, seed ${seed}\n`);
    await lab.down();
    await lab.up();
    server = await apiServer(lab, "one");
    await lab.sh("one", "cloud-init status --wait >/dev/null || :");
  }, 25 * minutes);
  afterAll(() => lab.down(), 10 * minutes);

  const args = (stack: string, kind: string, own: Properties): Properties => ({
    stateVersion: 1,
    owner: `p/${stack}/${kind}/x`,
    ownUrn: "",
    host: { id: `p/${stack}/host/x`, instance: String(server.id) },
    connection: { host: server.ipv4, port: 22, user: "root", hostKeys: [server.hostKey] },
    credentials: {},
    secretFiles: {},
    __provider: "test",
    ...own,
  });

  /** One process with one call, that begins at a time. */
  async function call(handler: string, method: string, given: unknown[], at = 0, lockWithin = 120): Promise<Answer> {
    const environment = [`NSPAWN_TEST_AT=${at}`, `NSPAWN_LOCK_WITHIN=${lockWithin}`, "NSPAWN_CONFIRM_WITHIN=60"];
    const argv = ["env", ...environment, process.execPath, "-e", driver];
    const { code, stdout, output } = await lab.exec("operator", argv, JSON.stringify([[handler, method, given]]));
    if (code !== 0) throw new Error(output);
    return (JSON.parse(stdout) as { answers: Answer[] }).answers[0] ?? {};
  }

  async function create(handler: string, given: Properties, at: number, lockWithin: number): Promise<Answer> {
    const { value } = await call(handler, "check", [{}, given]);
    expect(value?.failures).toEqual([]);
    return call(handler, "create", [value?.inputs], at, lockWithin);
  }

  /** Both at once; the winner's stack, its outputs, and what the loser was told. */
  async function race(handler: string, kind: string, own: Record<string, Properties>, lockWithin: number) {
    const begin = Date.now() + 2500;
    const late = () => Math.round((chance.next().value ?? 0) * 200);
    const stacks = Object.keys(own);
    const answers = await Promise.all(
      stacks.map((stack) => create(handler, args(stack, kind, own[stack] ?? {}), begin + late(), lockWithin)),
    );
    const winners = stacks.filter((_, index) => answers[index]?.error === undefined);
    const told = answers.flatMap(({ error }) => (error === undefined ? [] : [error]));
    const shown = JSON.stringify(answers.map(({ error }) => error?.message));
    if (winners.length !== 1) throw new Error(`${winners.length} winners: ${shown}`);
    const winner = winners[0] ?? "";
    const outs = answers[stacks.indexOf(winner)]?.value?.outs ?? {};
    return { winner, outs, told: told[0]! };
  }

  test(
    "the host itself: one prepares it, the other hears who",
    async () => {
      const own = (value: string) => ({
        packages: [],
        sysctls: { "net.core.somaxconn": value },
        resolved: true,
        adopt: false,
      });
      const { winner, told } = await race("nspawnHost", "host", { a: own("4001"), b: own("4002") }, 300);
      expect(told).toMatchObject({ code: "NSPAWN_OWNED", message: expect.stringContaining(`p/${winner}/host/x`) });
      const sysctls = await lab.sh("one", "cat /etc/sysctl.d/60-pulumi-nspawn.conf; sysctl -n net.core.somaxconn");
      expect(sysctls.match(/400[12]/g)).toEqual(winner === "a" ? ["4001", "4001"] : ["4002", "4002"]);
      expect(await lab.sh("one", "sed -n 's/^owner\t//p' /var/lib/pulumi-nspawn/owners/*/record")).toBe(
        `p/${winner}/host/x\n`,
      );
    },
    10 * minutes,
  );

  test(
    `a bridge, ${trials} times: never mixed, and the loser hears who holds it`,
    async () => {
      const own = (mtu: number) => ({
        bridge: "br0",
        mode: "routed",
        isolation: "none",
        ipv4: server.ipv4,
        mtu,
        adopt: false,
      });
      const mtus: Record<string, number> = { a: 1400, b: 1450 };
      const tally: Record<string, number> = { a: 0, b: 0, NSPAWN_OWNED: 0, NSPAWN_BUSY: 0 };
      for (let trial = 0; trial < trials; trial += 1) {
        // Half of them may wait until the other is done, half may not.
        const { winner, outs, told } = await race(
          "bridgeNetwork",
          "bridge",
          { a: own(1400), b: own(1450) },
          trial % 2 ? 1 : 60,
        );
        const code = told.code ?? "";
        expect(["NSPAWN_OWNED", "NSPAWN_BUSY"]).toContain(code);
        expect(told.message).toContain(`p/${winner}/bridge/x`);
        const stands = await lab.sh(
          "one",
          `grep -rhoE 'MTUBytes=[0-9]+' /etc/systemd/network/10-br0.netdev /etc/systemd/network/10-br0.network | sort -u
           cat /sys/class/net/br0/mtu; sed -n 's/^owner\t//p' /var/lib/pulumi-nspawn/owners/*/record | grep bridge
           ls -A /var/lib/pulumi-nspawn/transactions | wc -l`,
        );
        const mtu = mtus[winner];
        expect(stands.split("\n")).toEqual([`MTUBytes=${mtu}`, String(mtu), `p/${winner}/bridge/x`, "0", ""]);
        tally[winner] = (tally[winner] ?? 0) + 1;
        tally[code] = (tally[code] ?? 0) + 1;
        const { error } = await call("bridgeNetwork", "delete", ["id", outs]);
        if (error !== undefined) throw new Error(`trial ${trial}: ${error.message}`);
      }
      process.stderr.write(
        `two stacks: ${trials} trials, 0 mixed, each loser heard the holder: ${JSON.stringify(tally)}\n`,
      );
    },
    60 * minutes,
  );
});
