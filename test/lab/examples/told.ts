import { describeInLab } from "../available";
import { Lab } from "../../support/harness";
import { Reader } from "../readers";
import { rebooted, soon, startedInReverse } from "../restarts";
import type { Checked } from "./checked";
import { Example } from "./example";

const minutes = 60_000;

/** The example as its README has it typed, its promises, and the same after each kind of restart. */
export function describeExample({ name, given, works, inMachines }: Checked): void {
  describeInLab(`examples/${name}`, () => {
    const lab = new Lab(`ex-${name}`);
    const example = new Example(lab, name);
    let words: Record<string, string> = {};

    const worksSoon = () =>
      soon(async () => {
        await inMachines?.(example);
        await works(example);
      });
    const onEachHost = async (does: (host: string) => Promise<unknown>): Promise<void> => {
      for (const server of await example.servers()) await does(server);
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
      "has commands to look at it",
      async () => {
        for (const command of example.typed.looks) await example.types(command, words);
      },
      5 * minutes,
    );

    test(
      "keeps its promises",
      async () => {
        await inMachines?.(example);
        await works(example);
      },
      10 * minutes,
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
        await onEachHost((host) => lab.sh(host, "systemctl restart systemd-networkd"));
        await worksSoon();
      },
      12 * minutes,
    );

    test(
      "keeps them after starts in reverse order",
      async () => {
        await onEachHost((host) => startedInReverse(lab, host));
        await worksSoon();
      },
      20 * minutes,
    );

    test(
      "keeps them after the hosts' reboots",
      async () => {
        await onEachHost((host) => rebooted(lab, host));
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
