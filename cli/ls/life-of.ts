import { notOurs } from "../../provider/errors";
import type { Life } from "../../provider/observe/life/life";
import { parseLife } from "../../provider/observe/life/parse-life";
import { planLife } from "../../provider/plan/plan-life";
import { Session } from "../../provider/remote/session";
import { targetOf } from "../../provider/remote/target-of";
import { byHost } from "../stack/by-host";
import { configuredKey } from "../stack/configured-key";
import type { Machine } from "../stack/machines";

/** Seconds in which connecting is repeated: the list does not wait for a host that is gone. */
const patience = 5;

/** What the host of a machine says of it, or why it could not be asked. */
export type Looked = { life: Life } | { error: string };

/** Asks each host once, all of them at the same time. */
export async function lifeOf(machines: Machine[]): Promise<Map<Machine, Looked>> {
  const found = await Promise.all(byHost(machines).map(onHost));
  return new Map(found.flat());
}

async function onHost(machines: Machine[]): Promise<[Machine, Looked][]> {
  try {
    const lives = await asked(machines);
    return machines.map((machine) => [machine, { life: lives.get(machine.name) ?? { unit: "inactive" } }]);
  } catch (error) {
    return machines.map((machine) => [machine, { error: (error as Error).message }]);
  }
}

async function asked(machines: Machine[]): Promise<Map<string, Life>> {
  const { connection, credentials, stack } = machines[0] as Machine;
  const session = new Session(targetOf(connection, credentials, await configuredKey(stack)));
  try {
    const report = await session.facts(planLife(machines.map(({ name }) => name)), { patience });
    if (report.failure !== undefined) throw report.failure;
    const said = report.results.get("life");
    if (said === undefined) throw notOurs(`${connection.host} said nothing of its machines`);
    return parseLife(said.toString("utf8"));
  } finally {
    await session.close();
  }
}
