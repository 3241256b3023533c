import { setTimeout as sleep } from "node:timers/promises";
import type { CloudApi } from "./cloud-api";
import { leftovers, primaryIps, sweep, type Leftover } from "./leftovers";
import { labelSelector, type Order } from "./order";
import type { Project } from "./project";

/** How the removal ended. */
export interface Removal {
  /** Nothing is left at the provider: nothing costs money any more. */
  clean: boolean;
  /** `pulumi destroy` did it alone. */
  byDestroy: boolean;
}

/** Deletions end a moment after they are answered. */
async function whatStays(api: CloudApi, order: Order, addresses: readonly number[]): Promise<Leftover[]> {
  for (let attempt = 1; ; attempt++) {
    const left = await leftovers(api, order, addresses);
    if (left.length === 0 || attempt === 5) return left;
    await sleep(1000);
  }
}

function instructions(left: readonly Leftover[], order: Order, project: Project): string {
  return [
    "NOT everything could be removed. This is left at the provider and goes on costing money:",
    ...left.map(({ kind, id, name }) => `  ${kind} ${id} (${name})`),
    `Delete it in Hetzner's console (it has the label ${labelSelector(order)}), or by the state that was kept:`,
    `  ${project.byHand()}`,
  ].join("\n");
}

/** Destroys the stack, asks the API whether anything of the run is left, and deletes that too. */
export async function removeAll(api: CloudApi, order: Order, project: Project): Promise<Removal> {
  try {
    const addresses = await primaryIps(api, order);
    const destroyed = await project.destroy();
    const found = await whatStays(api, order, addresses);
    if (destroyed && found.length === 0) return { clean: true, byDestroy: true };
    if (!destroyed) process.stderr.write("pulumi destroy failed; what is left is deleted by the API\n");
    const left = await sweep(api, order, addresses);
    if (left.length > 0) process.stderr.write(`${instructions(left, order, project)}\n`);
    return { clean: left.length === 0, byDestroy: false };
  } catch (error) {
    process.stderr.write(
      `the removal stopped: ${String(error)}\nLook in Hetzner's console for everything with the label ${labelSelector(order)}, or repeat:\n  ${project.byHand()}\n`,
    );
    return { clean: false, byDestroy: false };
  }
}
