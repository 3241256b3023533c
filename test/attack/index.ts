export { combinations } from "./combination";
export { runScript } from "./exec";
export { shownFileTrials } from "./files/suite";
export { attacks, legitimate } from "./list";
export { modes } from "./mode";
export { Scene, type Isolation } from "./scene";
export { controls, markdown, summary, table } from "./table";
export { runAttacks, type Result } from "./suite";
export type { Trial } from "./trial";
