import type { PartName } from "./part";
import type { Source } from "./source";

/** A part that is ready to run. */
export interface Found {
  part: PartName;
  way: Source;
  /** Path of the program. */
  program: string;
}
