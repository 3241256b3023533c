import type { ServerChannel } from "ssh2";
import { describe as described, finding, unseen } from "../../cli/doctor/finding";
import { look } from "../../cli/doctor/look";
import { pathOf } from "../../cli/doctor/path";
import type { Machine } from "../../cli/stack/machines";
import { respond, startServer, type TestServer } from "../support/ssh-server";
import { found, goodAnswers, machine, unit } from "./host";

const harmful = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
/** Without the colours that are ours. */
const plain = (text: string): string => text.replace(/\u001b\[\d+m/g, "");

describe("what a host and a machine say to the doctor", () => {
  it("is text", () => {
    const escapes = "\u001b[2J\u202e\u009b1A";
    const answers = {
      units: unit("failed"),
      "path.journal.web": `0\nfirst ${escapes}\nsecond\r`,
      "path.ready.web": undefined,
      links: goodAnswers().links!.replace('"vb-web"', '"vb-\\u001b[2J"'),
      "path.route.198.51.100.7": `2\nRTNETLINK ${escapes}`,
      "path.out4.web.host0": `2\n${escapes}`,
    };
    const text = plain(described(finding(machine(), pathOf(machine(), found(answers)))));
    expect(text).toContain("first \\u{1b}[2J\\u{202e}\\u{9b}1A");
    expect(harmful.test(text)).toBe(false);
  });

  it("is not without end", () => {
    const answers = { units: unit("failed"), "path.journal.web": `0\n${"x".repeat(500_000)}` };
    const hops = pathOf(machine(), found(answers));
    expect(Math.max(...hops.map(({ seen }) => seen.length))).toBeLessThanOrEqual(1000);
    expect(unseen(machine(), `a\u001b${"x".repeat(50_000)}`).error?.length).toBeLessThanOrEqual(4000);
  });

  it.each([
    "{",
    "{}",
    "[null]",
    '[{"ifname":7}]',
    '[{"ifname":"eth0","flags":{}}]',
    '[{"ifname":"eth0","addr_info":[7]}]',
  ])("is refused where ip writes something else: %s", (links) => {
    expect(() => found({ links })).toThrow(/^the fact (link|addr).*NSPAWN_REPORT/);
  });

  it("is refused where a route of the host is none of ip's, and left out where it is a machine's", () => {
    expect(() => found({ "path.route.198.51.100.7": "0\n{}" })).toThrow(/^the route to 198\.51\.100\.7.*NSPAWN_REPORT/);
    const { inside } = found({ "path.out4.web.host0": '0\n[{"dev":7}]' }).path;
    expect(inside.get("web")?.networks.get("host0")?.out.ipv4).toEqual({ said: '[{"dev":7}]' });
  });

  it("has an exit code, whatever stands there", () => {
    for (const code of ["NaN", "", "-1", "1e9", "0x0"]) {
      expect(found({ "path.ping.198.51.100.7": `${code}\nx` }).path.pings.get("198.51.100.7")?.code).toBe(255);
    }
  });
});

describe("a host that the doctor looks at", () => {
  let server: TestServer;
  afterEach(() => server.stop());

  async function looked(exec: (channel: ServerChannel) => void): Promise<unknown> {
    server = await startServer({ exec });
    const { host, port, user, hostKeys, privateKey } = server.target;
    const at: Machine = { ...machine(), connection: { host, port, user, hostKeys }, credentials: { privateKey } };
    return look([at], undefined);
  }

  it("is told apart from one that says nothing wrong", async () => {
    await expect(
      looked((channel) => respond(channel, "result\tfacts\t0\n\nresult\tfiles\t0\n\nend\n")),
    ).resolves.toBeDefined();
  });

  it.each([
    ["it is not root", "error\tNSPAWN_NOT_ROOT\t4\nnope\n", "NSPAWN_NOT_ROOT"],
    ["it ends too early", "result\tfacts\t0\n\n", "NSPAWN_CONNECTION_LOST"],
    ["its report is none of ours", "Welcome\u001b[2J\n", "NSPAWN_REPORT"],
    ["its facts have no end", `result\tfacts\t${2 ** 24 + 1}\n`, "NSPAWN_REPORT"],
    ["it says nothing of itself", "end\n", "NSPAWN_REPORT"],
  ])("says why nobody could look: %s", async (_what, report, code) => {
    await expect(looked((channel) => respond(channel, report))).rejects.toMatchObject({ code });
  });

  it("says so although it does not close", async () => {
    const never = (channel: ServerChannel): void => void channel.resume().write("no report of ours\n");
    await expect(looked(never)).rejects.toMatchObject({ code: "NSPAWN_REPORT" });
  });
});
