import { Fields } from "../http/fields";
import { matchesSelector } from "../shared/label-selector";
import type { World } from "../world";
import type { FirewallTarget } from "./firewall-target";

/** The targets of a request, under the field's name. */
export function readTargets(fields: Fields, name: string, world: World): FirewallTarget[] {
  return fields.list(name).flatMap((entry, index) => {
    const target = readTarget(new Fields((entry ?? {}) as Record<string, unknown>), world);
    if (typeof target !== "string") return [target];
    fields.reject(`${name}.${index}`, target);
    return [];
  });
}

/** The target, or what is wrong with it. */
function readTarget(fields: Fields, world: World): FirewallTarget | string {
  const type = fields.oneOf("type", ["server", "label_selector"] as const);
  if (type === "server") {
    const id = new Fields(fields.object("server")).integer("id");
    const server = world.state.servers.find((candidate) => candidate.id === id);
    return server ? { type, server: { id: server.id } } : `server ${id ?? "(none)"} not found`;
  }
  const selector = new Fields(fields.object("label_selector")).string("selector");
  if (type !== "label_selector" || !selector)
    return "expected {type, server: {id}} or {type, label_selector: {selector}}";
  return matchesSelector(selector)
    ? { type, label_selector: { selector } }
    : `selector cannot be parsed: '${selector}'`;
}
