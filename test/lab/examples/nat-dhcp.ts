import { clientAddress } from "../reach";
import type { Checked } from "./checked";
import { areReachedAndSeen, isSeenAs, reaches } from "./promises";

interface Outputs {
  server: string;
  webIpv6: string;
  leases: { web: string; build: string };
}

/** Leases are as the preview named them; out by the host's address, in by its ports, and by IPv6 as oneself. */
export const natDhcp: Checked = {
  name: "nat-dhcp",
  works: async (example) => {
    const [server = ""] = await example.servers();
    const { server: own, webIpv6, leases } = (await example.outputs()) as Outputs;
    for (const [machine, lease] of Object.entries(leases)) {
      const shown = await example.inside(server, machine, "ip -4 -o addr show dev host0 scope global");
      expect([machine, shown]).toEqual([machine, expect.stringMatching(`inet ${lease.replaceAll(".", "\\.")}/24 .* dynamic`)]);
      await isSeenAs(example, server, machine, own);
    }
    // In by the host's port, where the machine sees the client itself.
    const login = ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new", "-p", "2222", `root@${own}`];
    const said = await example.lab.out("client", "ssh", ...login, 'echo "$(hostname) $SSH_CONNECTION"');
    expect(said.trim()).toMatch(new RegExp(`^web ${clientAddress.ipv4} \\d+ ${leases.web} 22$`));
    await areReachedAndSeen(example, [webIpv6]);
    await reaches(example, server, "build", leases.web);
    await expect(example.lab.out("client", "timeout", "3", "bash", "-c", `exec 3<>/dev/tcp/${own}/8081`)).rejects.toThrow();
  },
}; // prettier-ignore
