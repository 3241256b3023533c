export { labUp } from "./up";
export { labDown } from "./down";
export { labStatus, type LabStatus } from "./status";
export { labExec, labRun } from "./exec";
export { labEnv, labSetEnv } from "./env";
export { labPackages, missingPackages } from "./core/requirements";
export { LabError } from "./core/lab-error";
export { labDir } from "./core/places";
export { lineProgress, silentProgress } from "./core/progress";
