export { createApi } from "./create-api";
export type { LabApi } from "./lab-api";
export type { ApiOptions } from "./api-options";
export { renderMetadata } from "./render-metadata";
export { readNameData, type NameData } from "./name-data";
