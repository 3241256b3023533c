import { Draft } from "./draft";
import type { Program } from "./program";

/** Looks at machines of one host: whether they run, since when, with how much memory, and what their last checks say. */
export function planLife(machines: string[]): Program {
  const draft = new Draft();
  draft.add({ verb: "life", names: draft.text(machines.map((name) => `${name}\n`).join("")) });
  const { steps, texts } = draft.program(60);
  return { steps, texts, deadline: 60 };
}
