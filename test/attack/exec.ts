import type { Combination } from "./combination";
import type { Isolation, Mode } from "./mode";
import type { Scene } from "./scene";
import { withScenes } from "./suite";
import type { Place } from "./trial";

interface ExecOptions {
  lab: string;
  mode: Mode;
  combination: Combination;
  isolation: Isolation;
  /** Text of the script, with its first line. */
  script: string;
  progress: (text: string) => void;
}

/** What an attack may change at a victim. Times and states that change by themselves are left out. */
const inventory = `ip neigh show | sed -E 's/ (REACHABLE|STALE|DELAY|PROBE|INCOMPLETE|FAILED)$//; s/ (used|probes) [^ ]*//g' | sort | sed 's/^/neighbour /'
{ ip route show table all; ip -6 route show table all; } | sed -E 's/ expires [^ ]*//' | sort | sed 's/^/route /'
bridge fdb show | sort | sed 's/^/fdb /'
ip -o addr show | sed -E 's/^[0-9]+: //; s/ +/ /g; s/ valid_lft.*//' | sort | sed 's/^/address /'`;

const victims: readonly Place[] = ["b", "host", "router"];

async function inventories(scene: Scene): Promise<Map<Place, string[]>> {
  const pairs = victims.map(
    async (at) => [at, (await scene.run(at, inventory)).out.split("\n").filter(Boolean)] as const,
  );
  return new Map(await Promise.all(pairs));
}

/** `A_IP4`, `A_IP6`, `A_MAC`, …: the world as environment variables. */
function environment(scene: Scene): Record<string, string> {
  const entries = Object.entries(scene.world).flatMap(([name, value]) =>
    Object.entries(value as Record<string, string>).map(
      ([key, text]) => [`${name}_${key.toUpperCase()}`, text] as const,
    ),
  );
  return {
    ...Object.fromEntries(entries),
    GATEWAY: scene.world.GW.ip4,
    GATEWAY6: scene.world.GW.ll6,
    INTERFACE: scene.world.A.inside,
  };
}

/** Runs somebody's script inside machine A and says what it changed at B, the host and the router. */
export async function runScript(options: ExecOptions): Promise<{ code: number; out: string; changes: string[] }> {
  const result = { code: -1, out: "", changes: [] as string[] };
  await withScenes(options.lab, options.progress, async (open) => {
    const scene = await open(options.mode);
    await scene.bring(options.combination, options.isolation);
    const before = await inventories(scene);
    await scene.place("/opt/attack/script", options.script);
    options.progress("running the script in machine A");
    Object.assign(result, await scene.run("a", "exec /opt/attack/script", "", environment(scene)));
    const after = await inventories(scene);
    for (const at of victims) result.changes.push(...compare(at, before.get(at) ?? [], after.get(at) ?? []));
  });
  return result;
}

function compare(at: Place, before: string[], after: string[]): string[] {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `${at}: - ${line}`);
  return [...gone, ...after.filter((line) => !before.includes(line)).map((line) => `${at}: + ${line}`)];
}
