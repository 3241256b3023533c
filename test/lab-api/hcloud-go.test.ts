import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { goClient } from "./go-client";
import { TOKEN, TryApi } from "./try-api";

const client = goClient();
if ("missing" in client) console.warn(`test with Hetzner's Go client skipped: ${client.missing}`);

("program" in client ? test : test.skip)(
  "Hetzner's Go client, which Terraform's provider is made of, manages a load balancer and what belongs to it",
  async () => {
    // Long enough for calls at once to meet an action under way.
    const lab = await TryApi.start({ actionDelayMs: 200 });
    const program = "program" in client ? client.program : "";
    const env = { ...process.env, ENDPOINT: lab.endpoint, TOKEN };
    try {
      const { stdout } = await promisify(execFile)(program, [], { env, timeout: 110_000 });
      expect(JSON.parse(stdout)).toEqual({
        subnets: 3,
        services: 4,
        health: "unknown",
        // Of whichever subnet came first; its first address is the server's.
        private: expect.stringMatching(/^10\.0\.[123]\.2$/),
        primary: "203.0.113.4",
        floating: "198.51.100.1",
        server: ["running", 1, 1, 1],
        "targets left": 1,
      });
      const { log } = (await lab.lab("GET", "/log")).body;
      expect(log.filter(({ code }: { code: string | null }) => code === "conflict").length).toBeGreaterThan(0);
      expect((await lab.lab("GET", "/state")).body.empty).toBe(true);
    } finally {
      await lab.api.close();
    }
  },
  120_000,
);
