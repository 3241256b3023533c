import type { Program } from "./program";

/** What a new connection sends to say that the host can still be reached: the change of this resource stands. */
export function planConfirm(key: string): Program {
  return {
    steps: [
      { verb: "approve", key },
      { verb: "facts", key },
    ],
    texts: {},
    deadline: 180,
  };
}
