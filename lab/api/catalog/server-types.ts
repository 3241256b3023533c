import { locations } from "./locations";
import { price } from "./price";
import type { ServerType } from "./server-type";

type Row = [id: number, name: string, cores: number, memory: number, disk: number, monthly: number];

/** A line of types: where it is sold, and whether (and where) its end has come. */
interface Line {
  sold: string[];
  retired?: string[];
  rows: Row[];
}

const EUROPE = ["fsn1", "nbg1", "hel1"];
const ALL = locations.map(({ name }) => name);

/** Names and sizes as in the public catalogue of 2026, retired ones included. Prices have the right shape and are not an offer. */
const lines: Line[] = [
  {
    sold: [],
    retired: EUROPE,
    rows: [
      [1, "cx11", 1, 2, 20, 3.29],
      [3, "cx21", 2, 4, 40, 4.85],
      [5, "cx31", 2, 8, 80, 9.2],
      [7, "cx41", 4, 16, 160, 17.1],
      [9, "cx51", 8, 32, 240, 32.4],
      [104, "cx22", 2, 4, 40, 3.29],
      [105, "cx32", 4, 8, 80, 5.49],
      [106, "cx42", 8, 16, 160, 14.49],
      [107, "cx52", 16, 32, 320, 28.49],
    ],
  },
  {
    sold: ["ash", "hil", "sin"],
    retired: EUROPE,
    rows: [
      [22, "cpx11", 2, 2, 40, 3.85],
      [23, "cpx21", 3, 4, 80, 7.05],
      [24, "cpx31", 4, 8, 160, 13.1],
      [25, "cpx41", 8, 16, 240, 24.7],
      [26, "cpx51", 16, 32, 360, 54.4],
    ],
  },
  {
    sold: EUROPE,
    rows: [
      [114, "cx23", 2, 4, 40, 2.99],
      [115, "cx33", 4, 8, 80, 4.99],
      [116, "cx43", 8, 16, 160, 8.99],
      [117, "cx53", 16, 32, 320, 16.99],
    ],
  },
  {
    sold: [...EUROPE, "sin"],
    rows: [
      [108, "cpx12", 1, 2, 40, 4.49],
      [109, "cpx22", 2, 4, 80, 5.99],
      [110, "cpx32", 4, 8, 160, 9.99],
      [111, "cpx42", 8, 16, 320, 18.49],
      [112, "cpx52", 12, 24, 480, 26.49],
      [113, "cpx62", 16, 32, 640, 37.99],
    ],
  },
  {
    sold: EUROPE,
    rows: [
      [45, "cax11", 2, 4, 40, 3.29],
      [93, "cax21", 4, 8, 80, 5.99],
      [94, "cax31", 8, 16, 160, 11.99],
      [95, "cax41", 16, 32, 320, 23.99],
    ],
  },
  {
    sold: ALL,
    rows: [
      [96, "ccx13", 2, 8, 80, 11.99],
      [97, "ccx23", 4, 16, 160, 23.99],
      [98, "ccx33", 8, 32, 240, 47.99],
      [99, "ccx43", 16, 64, 360, 95.99],
      [100, "ccx53", 32, 128, 600, 191.99],
      [101, "ccx63", 48, 192, 960, 287.99],
    ],
  },
];

const retirement = { announced: "2025-10-16T00:00:00Z", unavailable_after: "2026-01-01T00:00:00Z" };

export const serverTypes: ServerType[] = lines.flatMap((line) => line.rows.map((row) => serverType(line, row)));

function serverType({ sold, retired = [] }: Line, [id, name, cores, memory, disk, monthly]: Row): ServerType {
  const places = locations.filter((location) => [...sold, ...retired].includes(location.name));
  const isGone = sold.length === 0;
  return {
    id,
    name,
    description: name.toUpperCase(),
    category: name.startsWith("ccx")
      ? "general_purpose"
      : name.startsWith("cpx")
        ? "regular_purpose"
        : "cost_optimized",
    cores,
    memory,
    disk,
    deprecated: isGone,
    deprecation: isGone ? retirement : null,
    prices: places.map((location) => price(location.name, monthly)),
    storage_type: "local",
    cpu_type: name.startsWith("ccx") ? "dedicated" : "shared",
    architecture: name.startsWith("cax") ? "arm" : "x86",
    locations: places.map((location) => ({
      id: location.id,
      name: location.name,
      available: sold.includes(location.name),
      recommended: sold.includes(location.name),
      deprecation: retired.includes(location.name) ? retirement : null,
    })),
  };
}
