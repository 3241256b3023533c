import { locations } from "./locations";
import type { ServerType } from "./server-type";

type Row = [id: number, name: string, cores: number, memory: number, disk: number, monthly: number, retired?: true];

/** Names and sizes as sold in 2026; the old cx22 line can be asked for, and is marked as retired. Prices have the right shape and are not an offer. */
const rows: Row[] = [
  [104, "cx22", 2, 4, 40, 3.29, true],
  [114, "cx23", 2, 4, 40, 2.99],
  [115, "cx33", 4, 8, 80, 4.99],
  [116, "cx43", 8, 16, 160, 8.99],
  [117, "cx53", 16, 32, 320, 16.99],
  [109, "cpx22", 2, 4, 80, 5.99],
  [110, "cpx32", 4, 8, 160, 9.99],
  [111, "cpx42", 8, 16, 320, 18.49],
  [45, "cax11", 2, 4, 40, 3.29],
  [93, "cax21", 4, 8, 80, 5.99],
  [94, "cax31", 8, 16, 160, 11.99],
  [96, "ccx13", 2, 8, 80, 11.99],
  [97, "ccx23", 4, 16, 160, 23.99],
];

const retirement = { announced: "2025-10-16T00:00:00Z", unavailable_after: "2026-01-01T00:00:00Z" };

export const serverTypes: ServerType[] = rows.map(([id, name, cores, memory, disk, monthly, retired]) => ({
  id,
  name,
  description: name.toUpperCase(),
  category: name.startsWith("ccx") ? "general_purpose" : name.startsWith("cpx") ? "regular_purpose" : "cost_optimized",
  cores,
  memory,
  disk,
  deprecated: retired ?? false,
  deprecation: retired ? retirement : null,
  prices: locations.map((location) => price(location.name, monthly)),
  storage_type: "local",
  cpu_type: name.startsWith("ccx") ? "dedicated" : "shared",
  architecture: name.startsWith("cax") ? "arm" : "x86",
  locations: locations.map((location) => ({
    id: location.id,
    name: location.name,
    available: true,
    recommended: !retired,
    deprecation: retired ? retirement : null,
  })),
}));

function price(location: string, monthly: number): ServerType["prices"][number] {
  return {
    location,
    price_hourly: amount(monthly / 624),
    price_monthly: amount(monthly),
    included_traffic: 21990232555520,
    price_per_tb_traffic: amount(1),
  };
}

function amount(net: number): { net: string; gross: string } {
  return { net: net.toFixed(10), gross: (net * 1.19).toFixed(10) };
}
