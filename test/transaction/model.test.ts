import fc from "fast-check";
import { closeSessions } from "../../provider/remote/sessions";
import { benign, versionsOf, type KindName } from "./memory-client";
import * as wires from "./memory-wire";
import { World, type Event } from "./world";

// Real: arguments, files, plans, the steps' wire form, sessions, channels, reports, confirmations, handlers.
// In memory: the host that carries out the steps, TCP, and the archives around steps and facts.
let wire: wires.MemoryWire | undefined;
jest.mock("../../provider/remote/connect", () => ({
  connect: (...[target, patience]: Parameters<wires.MemoryWire["dial"]>) => wire?.dial(target, patience),
}));
jest.mock("../../provider/remote/payload", () => {
  const { payload } = jest.requireActual<typeof wires>("./memory-wire");
  return { command: "", payload };
});
jest.mock("../../provider/remote/raw-facts", () => {
  const { rawFacts } = jest.requireActual<typeof wires>("./memory-wire");
  return { rawFacts };
});

const seed = Number(process.env.NSPAWN_SEED ?? 20261121);
const numRuns = Number(process.env.NSPAWN_RUNS ?? 5000);
/** Seconds; what does not fit into them on a busy machine is left out, and told. */
const limit = Number(process.env.NSPAWN_SECONDS ?? 60);
jest.setTimeout(600_000);

const began = performance.now();
let played = 0;

beforeAll(() => {
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "queueMicrotask", "performance", "hrtime"] });
});
afterAll(() => {
  jest.useRealTimers();
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stderr.write(`transaction model: ${played} of ${numRuns} sequences in ${seconds} s, seed ${seed}\n`);
});

const client = fc.nat(2);
const kinds = fc.constantFrom<KindName>("bridge", "bridge", "address");
const which = fc.nat(7);
const ups = fc.tuple(client, kinds, fc.nat(20)).map(([of, kind, version]): Event => {
  return { event: "up", client: of, kind, version: version % versionsOf(kind) };
});
const events = fc.oneof(
  { weight: 6, arbitrary: ups },
  {
    weight: 14,
    arbitrary: fc.record({ event: fc.constant("tick" as const), which, times: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 2, arbitrary: fc.record({ event: fc.constant("time" as const), seconds: fc.constantFrom(1, 5, 16, 100) }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constant("crashClient" as const), client }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constant("crashHost" as const) }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constant("killUnit" as const), which }) },
  { weight: 1, arbitrary: fc.record({ event: fc.constant("diskFull" as const), full: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      event: fc.constant("handEdit" as const),
      which,
      how: fc.constantFrom("delete" as const, "change" as const, "address" as const, "proxies" as const),
    }),
  },
);

type Wanted = Record<KindName, number>;

async function play(sequence: Event[], wanted: Wanted): Promise<void> {
  if (performance.now() - began > limit * 1000) return;
  played += 1;
  const world = new World();
  wire = world.wire;
  for (const event of sequence) await world.happen(event);
  world.host.disk.full = false;
  await world.quiet();
  isAtRest(world);
  world.clients[0]!.crash(); // another run of the engine
  for (const kind of ["bridge", "address"] as const) await converges(world, kind, wanted[kind]);
  wire.end();
  await closeSessions();
  jest.clearAllTimers();
}

function isAtRest({ host }: World): void {
  if (!host.up || !host.admitsNewcomers) throw new Error("at rest, and nobody comes in");
  // A power cut just before the guard was set leaves a transaction in which nothing has been changed.
  for (const { key, before, edited } of host.disk.transactions.values()) {
    const changed = [...before].some(([path, text]) => host.disk.files.get(path) !== text);
    if (changed && !edited) throw new Error(`at rest, and ${key} is not put back`);
  }
}

/** One `up` makes it what is wanted, the next finds nothing, and doing it all the same writes nothing. */
async function converges(world: World, kind: KindName, version: number): Promise<void> {
  const client = world.clients[0]!;
  if (world.doubtful) await world.alone(() => client.refresh(kind));
  const up = (force = false) => world.alone(() => client.up(kind, version, force));
  const first = await up();
  if (first.code !== undefined) throw new Error(`an up with nothing in its way failed with ${first.code}`);
  if ((await up()).changes) throw new Error("the second up finds something to change");
  const { writes } = world.host;
  const again = await up(true);
  if (again.code !== undefined || world.host.writes !== writes) throw new Error("doing it again is not doing nothing");
}

const versions = fc.record({ bridge: fc.nat(benign.bridge - 1), address: fc.nat(benign.address - 1) });

test("whatever happens in whatever order, the host stays reachable and whole, and one `up` brings it to what is wanted", async () => {
  const property = fc.asyncProperty(fc.array(events, { maxLength: 24, size: "max" }), versions, play);
  await fc.assert(property, { seed, numRuns, path: process.env.NSPAWN_PATH });
  expect(played).toBeGreaterThan(100);
});
