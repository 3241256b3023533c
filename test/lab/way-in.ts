import type { Lab } from "../support/harness";
import type { Reader } from "./readers";

const minutes = 60_000;

/** `shell`, `exec` and `logs`, as docs/cli.md has them, for the machine web on host-1. */
export function describeWayIn(lab: Lab, reader: Reader): void {
  describe("the way into a machine by its host", () => {
    test(
      "runs a command with its words, its streams and its exit code, also while the machine's port is down",
      async () => {
        await lab.sh("host-1", "ip link set vb-web down");
        const asked = `printf read | npx pulumi-nspawn exec web -- sh -c 'printf "%s|" "$HOME" "$@"; cat; echo bad >&2; exit 7' sh 'two words' '$HOME "*"'`;
        const { code, stdout, stderr } = await reader.types(asked);
        await lab.sh("host-1", "ip link set vb-web up");
        expect([code, stdout, stderr]).toEqual([7, '/root|two words|$HOME "*"|read', "bad\n"]);
      },
      2 * minutes,
    );

    test(
      "is a shell at a terminal",
      async () => {
        const { code, output } = await reader.answers("npx pulumi-nspawn shell web", [
          [/[#$] $/, "tty; stty size; hostname; exit 3\n"],
        ]);
        expect(output).toMatch(/\/dev\/(pts\/\d+|console)\r+\n\d+ \d+\r+\nweb\r+\n/);
        expect(code).toBe(3);
      },
      2 * minutes,
    );

    test(
      "prints journals, of the machine and of its unit on the host",
      async () => {
        const own = await reader.types("npx pulumi-nspawn logs web -n 2 --unit systemd-networkd.service --json");
        const lines = own.stdout
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Record<string, string>);
        expect(lines.map((line) => [line._HOSTNAME, line.SYSLOG_IDENTIFIER])).toEqual(
          [0, 1].map(() => ["web", expect.stringMatching(/^systemd/)]),
        );
        const host = await reader.types("npx pulumi-nspawn logs web -n 1 --host --json");
        expect(JSON.parse(host.stdout)).toMatchObject({ _HOSTNAME: "host-1" });
      },
      2 * minutes,
    );

    test(
      "says which machines there are",
      async () => {
        const { code, stderr } = await reader.types("npx pulumi-nspawn exec wep -- true");
        expect([code, stderr]).toEqual([2, expect.stringContaining('no machine "wep" in this stack; there are: web')]);
      },
      2 * minutes,
    );
  });
}
