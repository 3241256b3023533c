export { listApiFaults, type ApiFault } from "./api-fault";
export { runApiFaults } from "./api-suite";
export { runExact, type Attempt } from "./exact";
export { disturbances, nameOf, rowOf, type Fault } from "./fault";
export { listFaults, shortWindow } from "./list";
export { sample } from "./random";
export { runFaults } from "./suite";
export { markdown, summary, table } from "./table";
export { isGood, type Verdict } from "./verdict";
