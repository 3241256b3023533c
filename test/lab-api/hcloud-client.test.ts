import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MemoryBackend } from "./memory-backend";
import { pythonClient, runPython } from "./python-client";
import { TryApi, TOKEN } from "./try-api";

const client = pythonClient();
if ("missing" in client) console.warn(`test with PyPI's hcloud client skipped: ${client.missing}`);

const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ lab";

/** Servers that take a while to be switched off, so that a client that is slow meets an action under way as well. */
class SlowBackend extends MemoryBackend {
  override async kill(id: number): Promise<void> {
    await sleep(3000);
    await super.kill(id);
  }
}

("python" in client ? test : test.skip)(
  "a client that we did not write manages servers, addresses, networks and firewalls",
  async () => {
    const lab = await TryApi.start({ maxPerPage: 2 }, undefined, new SlowBackend());
    const python = "python" in client ? client.python : "";
    const env = { ENDPOINT: lab.endpoint, TOKEN, PUBLIC_KEY };
    try {
      const out = JSON.parse(await runPython(python, join(__dirname, "hcloud-client.py"), env));
      expect(out).toEqual({
        key: [true, true],
        types: "x86",
        images: "debian",
        locations: ["ash", "fsn1", "hel1", "hil", "nbg1", "sin"],
        initial: "initializing",
        server: ["running", "203.0.113.2", "2001:db8:1:1::/64", "cx23", "fsn1"],
        ipv4: [true, "name.example.org"],
        ipv6: [true, "name.example.org"],
        "delete assigned": "must_be_unassigned",
        "second action": "locked",
        protected: "protected",
        private: "10.0.1.1",
        firewall: true,
        changed: ["cx33", 80, "host.example.org"],
        actions: expect.arrayContaining(["create_server", "start_server", "reset", "rebuild_server"]),
        paged: expect.arrayContaining(["p0", "p1", "p2", "p3", "p4"]),
        "primary by name": "hel1",
        "left ipv4": null,
        "left ipv6": null,
        after: [0, 0, 0, 0, 0, 0],
      });
      expect((await lab.lab("GET", "/state")).body.empty).toBe(true);
    } finally {
      await lab.api.close();
    }
  },
  120_000,
);
