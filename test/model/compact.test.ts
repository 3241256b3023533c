import * as fc from "fast-check";
import { compact, complete } from "../../provider/model/compact";

const defaults = {
  list: [],
  flag: true,
  image: { mirror: "m", variant: "v" },
  networks: [{ mode: "routed", addresses: [{ proxied: false }] }],
};

test("leaves out what equals its default, inside objects as well", () => {
  const values = { list: [], flag: false, image: { mirror: "m", variant: "x", suite: "s" }, name: "web" };
  expect(compact(values, defaults)).toEqual({ flag: false, image: { variant: "x", suite: "s" }, name: "web" });
});

test("leaves out what equals its default in each object of a list", () => {
  const networks = [
    { bridge: "br0", mode: "routed", addresses: [{ address: "a", proxied: false }, { proxied: true }] },
  ];
  expect(compact({ networks }, defaults)).toEqual({
    networks: [{ bridge: "br0", addresses: [{ address: "a" }, { proxied: true }] }],
  });
  expect(complete({ networks: "unknown" }, defaults)).toMatchObject({ networks: "unknown" });
});

test("makes up no object and no list", () => {
  expect(complete({}, defaults)).toEqual({ list: [], flag: true });
});

test("is undone by complete, whatever the values are", () => {
  const arbitrary = fc.record({
    list: fc.array(fc.string()),
    flag: fc.boolean(),
    name: fc.string(),
    image: fc.record({ mirror: fc.constantFrom("m", "n"), variant: fc.constantFrom("v", "w"), suite: fc.string() }),
    networks: fc.array(
      fc.record({
        mode: fc.constantFrom("routed", "transparent"),
        addresses: fc.array(fc.record({ proxied: fc.boolean(), address: fc.string() })),
      }),
    ),
  });
  fc.assert(
    fc.property(arbitrary, (values) => expect(complete(compact(values, defaults), defaults)).toEqual(values)),
    { seed: 1, numRuns: 1000 },
  );
});
