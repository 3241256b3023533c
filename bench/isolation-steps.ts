import { combinations, modes, Scene, type Isolation } from "../test/attack";
import { FaultLab } from "../test/faults/lab";
import type { Step } from "./step";
import type { World } from "./world";

const mebibytes = 1024;
const sides = { none: "off", tenant: "on" } as const;

/** What is measured, by figure: seconds, or milliseconds of a first packet. */
const measures: Record<string, (scene: Scene) => Promise<number>> = {
  "isolation-inward": (scene) =>
    seconds(
      scene,
      "client",
      `bash --norc -c 'dd if=/dev/zero bs=1M count=${mebibytes} status=none >/dev/tcp/{A.ip4}/7778'`,
    ),
  "isolation-between": async (scene) =>
    Number(await said(scene, "a", `python3 /opt/attack/transfer.py {B.ip4} ${mebibytes}`)),
  "isolation-first-4": (scene) => firstPacket(scene, "{B.ip4}"),
  "isolation-first-6": (scene) => firstPacket(scene, "{B.ip6}"),
};

async function said(scene: Scene, at: "a" | "client", script: string): Promise<string> {
  const { code, out } = await scene.run(at, script);
  if (code !== 0) throw new Error(`at ${at}, exit code ${code}: ${script}\n${out}`);
  return out;
}

async function seconds(scene: Scene, at: "a" | "client", script: string): Promise<number> {
  const [begun = NaN, ended = NaN] = (await said(scene, at, `date +%s.%N; ${script}; date +%s.%N`))
    .trim()
    .split("\n")
    .map(Number);
  return ended - begun;
}

/** From A to B, with no neighbour known to A. A lost one ends the bench: it must not be lost. */
async function firstPacket(scene: Scene, address: string): Promise<number> {
  const out = await said(scene, "a", `ip neigh flush dev host0; ping -c 1 -W 2 ${address}`);
  return Number(/ time=([0-9.]+) ms/.exec(out)?.[1] ?? NaN);
}

/** Two hosts that differ in isolation alone, measured in turn. */
export function isolationSteps(world: World, wanted: readonly string[], runs: number): Step[] {
  const scenes = new Map<Isolation, Scene>();
  const open = async (isolation: Isolation): Promise<void> => {
    const [mode, plain] = [modes[0]!, combinations.find(({ name }) => name === "plain")!];
    const scene = await Scene.open(
      new FaultLab(world.lab.name),
      mode,
      () => undefined,
      `isolation-${sides[isolation]}`,
    );
    await scene.bring(plain, isolation);
    scenes.set(isolation, scene);
  };
  const steps: Step[] = (["none", "tenant"] as const).map((isolation) => ({
    what: `making a host with isolation ${sides[isolation]}`,
    seconds: 60,
    run: () => open(isolation),
  }));
  const names = Object.keys(measures).filter((name) => wanted.includes(name));
  for (let run = 1; run <= runs; run++)
    for (const isolation of ["none", "tenant"] as const)
      steps.push({
        what: `packets, run ${run} of ${runs}: isolation ${sides[isolation]}`,
        seconds: 5,
        run: async () => {
          for (const name of names)
            world.samples.add(`${name}/${sides[isolation]}`, await measures[name]!(scenes.get(isolation)!));
        },
      });
  const close = (): Promise<void> => Promise.resolve(scenes.forEach((scene) => scene.close()));
  return [...steps, { what: "closing the two hosts", seconds: 1, run: close }];
}
