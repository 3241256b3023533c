import type { Deployment } from "./deployment";

/** How many resources the engine has to do with. */
export interface Shape {
  components: number;
  customs: number;
}

function count({ deployment: { resources = [] } }: Deployment): Shape {
  const own = resources.filter(({ type }) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"));
  const customs = own.filter(({ custom }) => custom === true).length;
  return { components: own.length - customs, customs };
}

/** The shape of a stack without machines, and of one machine, out of the state without and with `machines` of them. */
export function shapes(without: Deployment, with_: Deployment, machines: number): { base: Shape; machine: Shape } {
  const [base, all] = [count(without), count(with_)];
  const each = (key: keyof Shape) => (all[key] - base[key]) / machines;
  const machine = { components: each("components"), customs: each("customs") };
  if (!Number.isInteger(machine.components) || !Number.isInteger(machine.customs)) {
    throw new Error(`the machines of one stack differ in resources: ${JSON.stringify({ base, all, machines })}`);
  }
  return { base, machine };
}
