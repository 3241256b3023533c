import type { TryApi } from "./try-api";
import type { Json } from "./json";

/** Makes one of a kind, looks at it in all ways, and changes it; what the creation answered. */
export async function crud(lab: TryApi, kind: string, order: object, change: object): Promise<Json> {
  const made = await lab.done("POST", `/${kind}`, order);
  const [singular = ""] = Object.keys(made).filter((name) => !name.startsWith("action"));
  await lab.done("GET", `/${kind}?name=x`);
  await lab.done("GET", `/${kind}`);
  await lab.done("GET", `/${kind}/${made[singular].id}`);
  await lab.done("PUT", `/${kind}/${made[singular].id}`, change);
  return made;
}

/** Looks at the actions of one in all ways. */
export async function history(lab: TryApi, kind: string, id: number): Promise<void> {
  const { actions } = await lab.done("GET", `/${kind}/${id}/actions?sort=id&status=success`);
  await lab.done("GET", `/${kind}/${id}/actions/${actions[0].id}`);
  await lab.done("GET", `/${kind}/actions?id=${actions[0].id}`);
  await lab.done("GET", `/${kind}/actions/${actions[0].id}`);
  await lab.done("GET", `/actions/${actions[0].id}`);
}
