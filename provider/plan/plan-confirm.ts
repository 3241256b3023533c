import type { Program } from "./program";

/** Waits until a change stands and asks to be confirmed, when the connection that would have said so was lost. */
export function planAwaitApplied(key: string): Program {
  return { steps: [{ verb: "await_applied", key }], texts: {}, deadline: 300 };
}

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
