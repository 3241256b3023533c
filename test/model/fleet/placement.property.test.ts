import fc from "fast-check";
import { type Place, placeOfName, placesOfNumbers, type Spread } from "../../../provider/model/fleet/placement";

const place = (change: Partial<Place> = {}): Place => ({ gone: false, weight: 1, from: 1, ...change });
const hosts = (count: number): Place[] => Array.from({ length: count }, (_, at) => place({ host: `h${at}` }));

const anyPlace = fc.record({
  gone: fc.boolean(),
  weight: fc.integer({ min: 1, max: 4 }),
  from: fc.integer({ min: 1, max: 12 }),
});
const anyPlaces = fc
  .array(anyPlace, { minLength: 1, maxLength: 6 })
  .map((places) =>
    places.map((one, at): Place => ({ ...one, host: `h${at}`, ...(at === 0 && { gone: false, from: 1 }) })),
  );
const anySpread = fc.constantFrom<Spread>("round-robin", "pack");
const anyCount = fc.integer({ min: 0, max: 40 });
const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 30 });

describe("members that are counted", () => {
  test("are placed whatever comes behind them: one more or fewer changes no other", () => {
    fc.assert(
      fc.property(anyPlaces, anySpread, anyCount, anyCount, (places, spread, one, other) => {
        const [few, many] = [Math.min(one, other), Math.max(one, other)].map((count) =>
          placesOfNumbers(count, places, spread),
        );
        expect(many!.slice(0, few!.length)).toEqual(few);
      }),
    );
  });

  test("stay when a host is added for those that come", () => {
    fc.assert(
      fc.property(anyPlaces, anySpread, anyCount, fc.integer({ min: 1, max: 4 }), (places, spread, count, weight) => {
        const added = [...places, place({ host: "new", weight, from: count + 1 })];
        expect(placesOfNumbers(count, added, spread)).toEqual(placesOfNumbers(count, places, spread));
      }),
    );
  });

  test("stay when a host goes, but for its own", () => {
    fc.assert(
      fc.property(anyPlaces, anySpread, anyCount, fc.nat(), (places, spread, count, pick) => {
        const going = pick % places.length;
        const left = places.map((one, at) => (at === going ? { ...one, gone: true, host: undefined } : one));
        fc.pre(left.some(({ gone }) => !gone));
        const [before, after] = [placesOfNumbers(count, places, spread), placesOfNumbers(count, left, spread)];
        before.forEach((at, index) => {
          if (at === going) expect(left[after[index]!]!.gone).toBe(false);
          else expect(after[index]).toBe(at);
        });
      }),
    );
  });

  test("are never on a host that is gone", () => {
    fc.assert(
      fc.property(anyPlaces, anySpread, anyCount, (places, spread, count) => {
        for (const at of placesOfNumbers(count, places, spread)) expect(places[at!]!.gone).toBe(false);
      }),
    );
  });

  test("are even in turn: no host has two more than another", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), anyCount, (width, count) => {
        const all = placesOfNumbers(count, hosts(width), "round-robin");
        const loads = hosts(width).map((_, at) => all.filter((one) => one === at).length);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test.each<[string, number, Place[], Spread, (number | undefined)[]]>([
    ["in turn", 5, hosts(3), "round-robin", [0, 1, 2, 0, 1]],
    ["by weight", 6, [place({ weight: 2 }), place()], "round-robin", [0, 0, 1, 0, 0, 1]],
    [
      "on a new host until it has as many",
      9,
      [...hosts(2), place({ from: 5 })],
      "round-robin",
      [0, 1, 0, 1, 2, 2, 0, 1, 2],
    ],
    ["one host after the other", 5, [place({ capacity: 2 }), place({ capacity: 1 }), place()], "pack", [0, 0, 1, 2, 2]],
    ["past a full host", 5, [place({ capacity: 1 }), place()], "round-robin", [0, 1, 1, 1, 1]],
    [
      "evenly on those that are left",
      9,
      [place({ gone: true }), place(), place()],
      "round-robin",
      [1, 1, 2, 2, 1, 2, 1, 1, 2],
    ],
    ["nowhere without room", 3, [place({ capacity: 2 })], "pack", [0, 0, undefined]],
  ])("go %s", (_, count, places, spread, expected) => expect(placesOfNumbers(count, places, spread)).toEqual(expected));
});

describe("members that have names", () => {
  const homes = (all: string[], places: Place[]): Map<string, string | undefined> =>
    new Map(all.map((name) => [name, places[placeOfName(name, places)!]!.host]));

  test("are placed by their names and the hosts alone, in any order", () => {
    fc.assert(
      fc.property(names, fc.shuffledSubarray(hosts(6), { minLength: 1 }), (all, places) => {
        const sorted = [...places].sort((a, b) => a.host!.localeCompare(b.host!));
        expect(homes(all, places)).toEqual(homes(all, sorted));
      }),
    );
  });

  test("stay when a host goes, but for its own, and go to no other than a new one", () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 2, max: 6 }), fc.nat(), (all, width, pick) => {
        const many = hosts(width);
        const going = many[pick % width]!;
        const [before, after] = [
          homes(all, many),
          homes(
            all,
            many.filter((one) => one !== going),
          ),
        ];
        for (const name of all) if (before.get(name) !== going.host) expect(after.get(name)).toBe(before.get(name));
        expect(
          homes(
            all,
            many.map((one) => (one === going ? { ...one, gone: true } : one)),
          ),
        ).toEqual(after);
      }),
    );
  });

  test("are on hosts in the proportion of the weights", () => {
    const places = [place({ host: "a", weight: 3 }), place({ host: "b" })];
    const all = Array.from({ length: 4000 }, (_, index) => placeOfName(`n${index}`, places));
    expect(all.filter((at) => at === 0).length / 4000).toBeCloseTo(0.75, 1);
  });

  test("are where they always were: a published, pinned function", () => {
    const all = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
    expect(all.map((name) => placeOfName(name, hosts(3)))).toEqual([0, 1, 1, 2, 0, 0]);
  });
});
