import type { Deployment } from "./deployment";

const machineType = "pulumi-nodejs:dynamic/nspawn:NspawnMachine";

/** Bytes of each machine's inputs and outputs in state, as compact JSON. */
export function stateBytes({ deployment: { resources = [] } }: Deployment): number[] {
  return resources
    .filter(({ type }) => type === machineType)
    .map(({ inputs = {}, outputs = {} }) => Buffer.byteLength(JSON.stringify(inputs) + JSON.stringify(outputs)));
}
