import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { Reader } from "../readers";
import type { Checked } from "./checked";
import { Example } from "./example";

const minutes = 60_000;
const stopped = "while machinectl list --no-legend | grep -q nspawn; do sleep 0.3; done";

/** The example as its README has it typed, its promises, and the same after each kind of restart. */
export function describeExample({ name, given, works, inMachines }: Checked): void {
  describeInLab(`examples/${name}`, () => {
    const lab = new Lab(`ex-${name}`);
    const example = new Example(lab, name);
    let words: Record<string, string> = {};

    /** After starts, of which each takes a while. */
    const worksSoon = async (): Promise<void> => {
      for (let tries = 30; ; tries--) {
        try {
          await inMachines?.(example);
          return await works(example);
        } catch (error) {
          if (tries === 0) throw error;
          await new Promise((resolve) => setTimeout(resolve, 3000));
        }
      }
    };
    const onEachHost = async (text: string): Promise<void> => {
      for (const server of await example.servers()) await lab.sh(server, text);
    };

    beforeAll(async () => {
      await lab.down();
      await lab.up();
      words = (await given?.(lab)) ?? {};
      example.place();
      for (const command of example.typed.makes) await example.types(command, words);
    }, 40 * minutes);
    afterAll(() => lab.down(), 10 * minutes);

    test(
      "keeps its promises",
      async () => {
        await inMachines?.(example);
        await works(example);
      },
      10 * minutes,
    );

    test(
      "has commands to look at it",
      async () => {
        for (const command of example.typed.looks) await example.types(command, words);
      },
      5 * minutes,
    );

    test(
      "is in order for doctor and refresh",
      async () => {
        const { output, code } = await new Reader(lab).types("npx pulumi-nspawn doctor");
        expect([code, code === 0 ? "" : output]).toEqual([0, ""]);
        const drift = await example.stack.drift();
        expect([drift.code, drift.code === 0 ? "" : drift.output]).toEqual([0, ""]);
      },
      12 * minutes,
    );

    test(
      "keeps them after networkd's restart",
      async () => {
        await onEachHost("systemctl restart systemd-networkd");
        await worksSoon();
      },
      12 * minutes,
    );

    test(
      "keeps them after starts in reverse order",
      async () => {
        for (const server of await example.servers()) {
          const listed = await lab.sh(server, "machinectl list --no-legend | awk '{ print $1 }'");
          const units = listed
            .trim()
            .split("\n")
            .sort()
            .reverse()
            .map((machine) => `systemd-nspawn@${machine}`);
          await lab.sh(server, `systemctl stop ${units.join(" ")}; ${stopped}`);
          for (const unit of units) await lab.sh(server, `systemctl start ${unit}`);
        }
        await worksSoon();
      },
      20 * minutes,
    );

    test(
      "keeps them after the hosts' reboots",
      async () => {
        const booted = async (server: string): Promise<string> =>
          (await lab.exec(server, ["cat", "/proc/1/stat"])).stdout.split(" ")[21] ?? "";
        for (const server of await example.servers()) {
          const before = await booted(server);
          await lab.exec(server, ["systemctl", "reboot"]);
          while (["", before].includes(await booted(server))) await new Promise((resolve) => setTimeout(resolve, 500));
        }
        await worksSoon();
        const drift = await example.stack.drift();
        expect([drift.code, drift.code === 0 ? "" : drift.output]).toEqual([0, ""]);
      },
      20 * minutes,
    );

    test(
      "goes as its README says",
      async () => {
        for (const command of example.typed.removes) await example.types(command, words);
        const left = (await example.stack.export()).deployment.resources ?? [];
        expect(left.filter(({ type }) => type !== "pulumi:pulumi:Stack")).toEqual([]);
      },
      15 * minutes,
    );
  });
}
