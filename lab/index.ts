export { labUp, type LabOptions } from "./up";
export { labDown } from "./down";
export { labStatus, type LabServer, type LabStatus } from "./status";
export { labExec, labRun, labSpawn, type LabExecOptions } from "./exec";
export { labEnv, labSetEnv } from "./env";
export { labPackages, missingPackages } from "./core/requirements";
export { LabError } from "./core/lab-error";
export { labCacheDir, labDir } from "./core/places";
export { lineProgress, silentProgress, type Progress } from "./core/progress";
