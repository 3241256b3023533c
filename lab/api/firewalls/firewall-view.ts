import { matchesSelector } from "../http/label-selector";
import type { World } from "../world";
import type { FirewallRecord } from "../records/firewall-record";
import type { FirewallTarget } from "../records/firewall-target";

type View = Record<string, unknown> & Pick<FirewallRecord, "id" | "name" | "labels">;

/** A firewall as the API shows it. */
export function firewallView(world: World, firewall: FirewallRecord): View {
  const { id, name, labels, created, rules } = firewall;
  return {
    id,
    name,
    labels,
    created,
    rules,
    applied_to: firewall.appliedTo.map((target) => targetView(world, target)),
  };
}

function targetView(world: World, target: FirewallTarget): Record<string, unknown> {
  if (target.type === "server") return target;
  const matches = matchesSelector(target.label_selector.selector) ?? (() => false);
  const servers = world.state.servers.filter(({ labels }) => matches(labels));
  return { ...target, applied_to_resources: servers.map(({ id }) => ({ type: "server", server: { id } })) };
}
