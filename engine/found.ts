import type { PartName } from "./part";
import type { Way } from "./way";

/** A part that is ready to run. */
export interface Found {
  part: PartName;
  way: Way;
  /** Path of the program. */
  program: string;
}
