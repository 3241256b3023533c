import { Fields } from "../http/fields";
import { matchesSelector } from "../http/label-selector";
import type { FirewallTarget } from "../records/firewall-target";

/** The targets of a request, under the field's name. Whether there are such servers is another question. */
export function readTargets(fields: Fields, name: string): FirewallTarget[] {
  return fields.objects(name).flatMap((entry, index) => {
    const target = readTarget(new Fields(entry));
    if (typeof target !== "string") return [target];
    fields.reject(`${name}.${index}`, target);
    return [];
  });
}

/** The target, or what is wrong with it. */
function readTarget(fields: Fields): FirewallTarget | string {
  const type = fields.oneOf("type", ["server", "label_selector"] as const);
  const server = new Fields(fields.object("server"));
  const labels = new Fields(fields.object("label_selector"));
  const id = server.integer("id", { min: 1 });
  const selector = labels.string("selector");
  const problem = fields.firstProblem() ?? server.firstProblem() ?? labels.firstProblem();
  if (problem !== undefined) return problem;
  if (type === "server" && id !== undefined) return { type, server: { id } };
  if (type !== "label_selector" || !selector) {
    return "expected {type, server: {id}} or {type, label_selector: {selector}}";
  }
  return matchesSelector(selector)
    ? { type, label_selector: { selector } }
    : `selector cannot be parsed: '${selector}'`;
}
