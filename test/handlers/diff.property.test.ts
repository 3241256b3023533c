import fc from "fast-check";
import * as handlers from "../../provider/handlers";
import { appliedOf, type Properties } from "../../provider/handlers/state";
import type { Desired } from "../../provider/model/desired";
import { bases, type Resource } from "../hostile/base";

const runs = { seed: 20261126, numRuns: 1000 };

/** Outputs as they are after a successful create of the checked inputs. */
function outputsOf(inputs: Properties): Properties {
  const { files, secretFiles, boot, live, ...args } = inputs;
  return { ...args, applied: appliedOf({ files, secretFiles, boot, live } as unknown as Desired) };
}

/** The same value with the keys of each object in an order that the numbers choose. */
function shuffled(value: unknown, order: number[]): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (value === null || typeof value !== "object") return value;
  const rank = (name: string): number => order[name.length % order.length]! * 31 + name.charCodeAt(name.length - 1);
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([name, item]) => [name, shuffled(item, order)]));
}

describe.each(Object.keys(bases) as Resource[])("a %s", (resource) => {
  const { handlers: of, args } = bases[resource] as { handlers: typeof handlers.nspawnMachine; args: object };

  it("that was just applied has no difference, whatever the order of keys and however often it is checked", async () => {
    const { rootPassword: _, ...plain } = args as Properties;
    const { inputs } = await of.check({}, plain);
    const outs = outputsOf(inputs);
    const orders = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(orders, orders, async (one, two) => {
        const olds = shuffled(outs, one) as Properties;
        const news = shuffled(inputs, two) as Properties;
        expect(await of.diff("id", olds, news)).toMatchObject({ changes: false, replaces: [] });
      }),
      runs,
    );
    expect((await of.check(outs, shuffled(plain, [3, -1, 2]) as Properties)).inputs).toEqual(inputs);
  });
});
