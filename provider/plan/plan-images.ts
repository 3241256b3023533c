import { Draft } from "./draft";
import type { Program } from "./program";

/** Lists the images of a host. */
export const planImages: Program = { steps: [{ verb: "images" }], texts: {}, deadline: 900 };

/** Removes images, by their names on the host, of which nothing is made. @param names one at least */
export function planPrune(names: string[]): Program {
  const draft = new Draft().add({ verb: "lock" }, { verb: "prune_images", names: names.join(" ") }, { verb: "unlock" });
  return draft.program(900);
}
