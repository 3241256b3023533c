import type { Price } from "./price";

interface Deprecation {
  announced: string;
  unavailable_after: string;
}

export interface ServerType {
  id: number;
  name: string;
  description: string;
  category: string;
  cores: number;
  /** GB. */
  memory: number;
  /** GB. */
  disk: number;
  deprecated: boolean;
  deprecation: Deprecation | null;
  prices: Price[];
  storage_type: "local";
  cpu_type: "shared" | "dedicated";
  architecture: "x86" | "arm";
  locations: { id: number; name: string; available: boolean; recommended: boolean; deprecation: Deprecation | null }[];
}
