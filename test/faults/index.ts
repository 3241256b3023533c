export { nameOf, type Fault } from "./fault";
export { listFaults } from "./list";
export { sample } from "./random";
export { runFaults } from "./suite";
export { counts, markdown, summary, table } from "./table";
export { isGood, type Verdict } from "./verdict";
