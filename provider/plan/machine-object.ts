/** A machine, by its name within its owner. */
export const machineObject = (name: string): string => `machine/${name}`;
