import { notOurs } from "../../errors";
import { printableLine } from "../../model/read/printable";
import { factLines } from "../facts/fact-lines";
import type { FoundHealth, Life } from "./life";

const units = ["active", "reloading", "inactive", "failed", "activating", "deactivating", "maintenance", "refreshing"];
const states: readonly FoundHealth["state"][] = ["starting", "healthy", "failing", "unhealthy", "restarting"];

type Words = ReadonlyMap<string, string>;

/**
 * Parses what the step `life` found, by the names of machines. What is not known is left out.
 *
 * @throws NSPAWN_REPORT where it is not what our program writes
 */
export function parseLife(text: string): Map<string, Life> {
  const said = new Map<string, Map<string, string>>();
  for (const line of factLines(text)) {
    const [machine = "", word = "", ...value] = line.split("\t");
    const words = said.get(machine) ?? new Map<string, string>();
    said.set(machine, words.set(word, value.join(" ")));
  }
  const up = Number(said.get("-")?.get("up"));
  if (!Number.isFinite(up)) throw notOurs("nothing says how long the host has been up");
  said.delete("-");
  return new Map([...said].map(([machine, words]) => [machine, life(words, up)]));
}

function life(words: Words, up: number): Life {
  const unit = units.find((state) => state === words.get("ActiveState"));
  if (unit === undefined) throw notOurs(`a unit is ${printableLine(words.get("ActiveState") ?? "nothing", 40)}`);
  const bytes = number(words.get("disk"));
  const disk = bytes === undefined ? {} : { disk: bytes };
  if (unit !== "active") return { unit, ...disk };
  const begun = number(words.get("ActiveEnterTimestampMonotonic"));
  const [memory, health] = [number(words.get("MemoryCurrent")), healthOf(words)];
  return {
    unit,
    ...(begun === undefined ? {} : { uptime: Math.max(0, Math.floor(up - begun / 1e6)) }),
    ...(memory === undefined ? {} : { memory }),
    ...disk,
    ...(health === undefined ? {} : { health }),
  };
}

/** Of a line that is cut off, or not there, nothing is said. `[not set]` and the largest number are none. */
function number(text = ""): number | undefined {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}

function healthOf(words: Words): FoundHealth | undefined {
  const state = states.find((one) => one === words.get("health state"));
  if (state === undefined) return undefined;
  const of = (name: string): number => number(words.get(`health ${name}`)) ?? 0;
  return {
    ...{ state, since: of("since"), failures: of("failures"), retries: of("retries") },
    ...{ restarts: of("restarts"), restarted: of("restarted"), checked: of("checked") },
    why: printableLine(words.get("health why") ?? "", 200),
  };
}
