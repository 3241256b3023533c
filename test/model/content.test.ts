import fc from "fast-check";
import type { DebootstrapArgs } from "../../provider/model/args";
import { canonicalJson, digest } from "../../provider/model/digest";
import { basePackages, imageHash, imagePackages } from "../../provider/model/image";
import * as paths from "../../provider/model/paths";
import { nearest } from "../../provider/model/read/nearest";
import { shown } from "../../provider/model/read/shown";
import { desiredMachine } from "../../provider/render/desired-machine";
import { machineArgs } from "../support/sample";

const runs = { seed: 20261121, numRuns: 1000 };
const image = machineArgs().image as DebootstrapArgs;

describe("digest", () => {
  it("is the same for ever", () => {
    expect(digest("")).toBe("e3b0c44298fc1c14");
    expect(digest({ b: 1, a: ["x", { d: null, c: true }] })).toBe(digest('{"a":["x",{"c":true,"d":null}],"b":1}'));
  });

  it("does not depend on the order of keys, and its text is JSON of the same value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(digest(reversed)).toBe(digest(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      runs,
    );
  });

  it("tells values apart, a key named __proto__ too", () => {
    expect(digest({ a: 1 })).not.toBe(digest({ a: 2 }));
    expect(canonicalJson(JSON.parse('{"__proto__":1}'))).toBe('{"__proto__":1}');
  });
});

describe("an image's hash", () => {
  it("is the same for ever", () => expect(imageHash(image)).toBe("4ce75d0ed6dc2ab9"));

  it("does not depend on the order or the repetition of packages, nor on naming those of every image", () => {
    const packages = [...image.packages, ...basePackages, image.packages[0]!].reverse();
    expect(imageHash({ ...image, packages })).toBe(imageHash(image));
    expect(imagePackages({ ...image, packages })).toEqual([...basePackages, "nginx-light", "openssh-server"].sort());
  });

  it.each([{ suite: "trixie" }, { mirror: "http://mirror.example/debian" }, { variant: "buildd" }, { packages: [] }])(
    "changes with %j",
    (change) => {
      expect(imageHash({ ...image, ...change })).not.toBe(imageHash(image));
    },
  );
});

describe("paths", () => {
  it("make scripts executable, keep secrets to root, and let everybody read the rest", () => {
    expect(paths.modeOf(paths.uplinkScript)).toBe("0755");
    expect(paths.modeOf(paths.ifUpHook)).toBe("0755");
    expect(paths.modeOf(paths.dhclientHook)).toBe("0644");
    expect(paths.modeOf(paths.guestAuthorizedKeys("web"))).toBe("0600");
    expect(paths.modeOf(paths.guestRootPassword("web"))).toBe("0600");
    expect(paths.modeOf("/etc/ssh/ssh_host_ed25519_key")).toBe("0600");
    expect(paths.modeOf("/etc/ssh/ssh_host_ed25519_key.pub")).toBe("0644");
    expect(paths.modeOf(paths.nspawnFile("web"))).toBe("0644");
  });

  it("of a port fit into an interface name for the longest machine name", () => {
    expect(paths.machinePort("twelve-chars")).toHaveLength(15);
  });
});

describe("a refused value", () => {
  it.each([
    ["a", '"a"'],
    ["a\nb", '"a\\nb", control character at 1'],
    ['a"\\', '"a\\"\\\\"'],
    ["а\u2028", '"\\u{430}\\u{2028}", control character at 1'],
    ["🐧", '"\\u{1f427}"'],
    ["x".repeat(61), `"${"x".repeat(60)}"… (61 characters)`],
    [undefined, "nothing"],
    [null, "nothing"],
    [NaN, "NaN"],
    [[], "a list"],
    [{}, "an object"],
    [() => 1, "a function"],
  ])("%p is shown as %s", (value, text) => expect(shown(value)).toBe(text));
});

describe("the nearest key", () => {
  it.each([
    ["hostkey", "hostKeys"],
    ["isolaton", "isolation"],
    ["Bridge", "bridge"],
    ["zzzzzz", undefined],
    ["x".repeat(10000), undefined],
  ])("of %s is %s", (given, key) => expect(nearest(given, ["hostKeys", "isolation", "bridge", "ipv4"])).toBe(key));
});

it("what a machine adds to its state stays small", () => {
  // Inputs and outputs of a machine have 4 kB together; the rest is its arguments, twice, and digests.
  expect(JSON.stringify(desiredMachine(machineArgs({ confined: false }))).length).toBeLessThanOrEqual(1800);
  expect(JSON.stringify(desiredMachine(machineArgs())).length).toBeLessThanOrEqual(2000);
});
