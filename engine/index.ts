export { ensureEngine } from "./ensure-engine";
