import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shapes } from "../shape";
import { stateBytes } from "../state-bytes";
import { traffic } from "../traffic";

const base = [
  { type: "pulumi:pulumi:Stack" },
  { type: "pulumi:providers:hcloud", custom: true },
  { type: "nspawn:index:NspawnHost" },
  { type: "hcloud:index/server:Server", custom: true },
  { type: "pulumi-nodejs:dynamic/nspawn:NspawnHost", custom: true },
];
const machine = [
  { type: "nspawn:index:NspawnMachine" },
  { type: "pulumi-nodejs:dynamic/nspawn:NspawnMachine", custom: true, inputs: { a: "ä" }, outputs: { b: 1 } },
];
const state = (resources: object[]) => ({ deployment: { resources: resources as { type: string }[] } });

describe("shapes", () => {
  it("counts components and custom resources, without the stack and the providers", () => {
    const counted = shapes(state(base), state([...base, ...machine, ...machine]), 2);
    expect(counted).toEqual({ base: { components: 1, customs: 2 }, machine: { components: 1, customs: 1 } });
  });

  it("refuses a stack whose machines differ", () => {
    expect(() => shapes(state(base), state([...base, ...machine]), 2)).toThrow("differ in resources");
  });
});

describe("stateBytes", () => {
  it("is the length of inputs and outputs of the machines alone, in bytes", () => {
    expect(stateBytes(state([...base, ...machine]))).toEqual(['{"a":"ä"}{"b":1}'.length + 1]);
  });
});

describe("traffic", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "nspawn-trace-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is nothing where no process wrote a file", () => {
    expect(traffic(join(folder, "none"))).toEqual({ connections: 0, roundTrips: 0 });
  });

  it("is what the busiest process did to one host", () => {
    const file = join(folder, "trace");
    const line = (event: string, pid: number, host: string) => JSON.stringify({ event, pid, host, at: 1 });
    const lines = [
      line("connections", 1, "a"),
      line("roundTrips", 1, "a"),
      line("roundTrips", 1, "a"),
      line("connections", 1, "b"),
      line("roundTrips", 2, "a"),
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    expect(traffic(file)).toEqual({ connections: 1, roundTrips: 2 });
  });
});
