import type { Scene } from "../scene";
import { driver } from "./driver";
import type { FileTrial } from "./trial";

/** What came of the tries of one attack. */
export interface FileOutcome {
  trial: FileTrial;
  way: "old" | "new";
  tries: number;
  worked: boolean;
}

const folder = "/run/attack";

async function inMachine(scene: Scene, script: string | undefined): Promise<void> {
  if (script === undefined) return;
  const { code, out } = await scene.run("a", script);
  if (code !== 0) throw new Error(`in machine a, exit code ${code}: ${script}\n${out}`);
}

/** A program in the machine that goes on until it is ended. */
async function beside(scene: Scene, words: string | undefined): Promise<() => Promise<void>> {
  if (words === undefined) return () => Promise.resolve();
  const start = `cd /opt/attack; rm -f ready; setsid python3 -B ${words} >/dev/null 2>errors </dev/null & echo $!
for i in $(seq 100); do [ -e ready ] && break; sleep 0.1; done`;
  const pid = (await scene.run("a", start)).out.trim();
  return async () => {
    const { out } = await scene.run("a", `kill ${pid} || cat /opt/attack/errors; sleep 0.1`);
    if (out !== "") throw new Error(`${words} had ended: ${out}`);
  };
}

/** Makes tries of an attack, until one works. */
export async function tryFiles(
  scene: Scene,
  trial: FileTrial,
  way: "old" | "new",
  tries: number,
): Promise<FileOutcome> {
  const { machine, meanwhile, after, hostAfter = ":" } = trial;
  await inMachine(scene, machine);
  const end = await beside(scene, meanwhile);
  try {
    const prepared = `mkdir -p ${folder}; rm -rf ${folder}/*; mkdir -p ${folder}/d /root/attacked; cat >${folder}/program\n`;
    await scene.onHost(prepared, driver(trial, way, trial.race ? tries : 1));
    const said = await scene.onHost(`sh ${folder}/program ${folder}/d; ${hostAfter}`);
    const [, made, won] = /^(\d+) ([01])$/m.exec(said) ?? [];
    if (made === undefined) throw new Error(`${trial.name}: the ${way} way ended by itself: ${said}`);
    return { trial, way, tries: Number(made), worked: won === "1" };
  } finally {
    await end();
    await inMachine(scene, after);
  }
}
