import { isDeepStrictEqual } from "node:util";
import type { ActionPlan } from "../actions/action-plan";
import { actionView } from "../actions/action-view";
import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { findRow } from "../shared/find-row";
import { readLabels } from "../shared/read-labels";
import { rename } from "../shared/rename";
import { NAME } from "../shared/name-length";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import type { FirewallRecord } from "../records/firewall-record";
import type { FirewallTarget } from "../records/firewall-target";
import { firewallView } from "./firewall-view";
import { readRules } from "./read-rules";
import { readTargets } from "./read-targets";
import { requireDistinct, requireFewFirewalls, requireNamed, requirePublic, requireTargets } from "./target-errors";

/** Firewalls are state of the API only: the lab filters nothing by them. */
export const firewallRoutes: Route[] = [
  {
    method: "GET",
    path: "/firewalls",
    handle: (call, world) => {
      const rows = world.state.firewalls.map((firewall) => firewallView(world, firewall));
      return listReply(call, "firewalls", rows, world.options.maxPerPage);
    },
  },
  { method: "POST", path: "/firewalls", handle: create },
  { method: "GET", path: "/firewalls/:id", handle: (call, world) => shown(world, find(call, world)) },
  { method: "PUT", path: "/firewalls/:id", handle: update },
  { method: "DELETE", path: "/firewalls/:id", handle: remove },
  action("set_rules", setRules),
  action("apply_to_resources", applyTo),
  action("remove_from_resources", removeFrom),
];

type Planner = (call: Call, world: World, firewall: FirewallRecord) => ActionPlan[];

function action(name: string, planner: Planner): Route {
  return {
    method: "POST",
    path: `/firewalls/:id/actions/${name}`,
    handle: (call, world) => {
      const plans = planner(call, world, find(call, world));
      const started = plans.map((plan) => world.actions.start(plan, call.actionFault));
      return { status: 201, body: { actions: started.map(actionView) } };
    },
  };
}

function find(call: Call, world: World): FirewallRecord {
  return findRow(world.state.firewalls, call.params["id"], "firewall");
}

function shown(world: World, firewall: FirewallRecord): Reply {
  return { status: 200, body: { firewall: firewallView(world, firewall) } };
}

function create(call: Call, world: World): Reply {
  const fields = new Fields(call.body);
  const name = fields.required("name", { max: NAME });
  const rules = readRules(fields);
  const labels = readLabels(fields) ?? {};
  const targets = readTargets(fields, "apply_to");
  fields.check();
  requireTargets(world.state, targets, 422);
  requireDistinct(targets, "server_already_added");
  requirePublic(world.state, targets, "incompatible_network_type");
  requireFewFirewalls(world.state, undefined, targets);
  requireUnique(world.state.firewalls, name);
  const id = world.store.newId();
  const firewall: FirewallRecord = { id, name, rules, appliedTo: [], labels, created: world.now() };
  world.state.firewalls.push(firewall);
  const started = targets.map((target) => world.actions.start(applyPlan(firewall, target), call.actionFault));
  return { status: 201, body: { firewall: firewallView(world, firewall), actions: started.map(actionView) } };
}

function update(call: Call, world: World): Reply {
  const firewall = find(call, world);
  world.actions.assertUnchanged("firewall", firewall.id);
  rename(new Fields(call.body), world.state.firewalls, firewall);
  return shown(world, firewall);
}

function remove(call: Call, world: World): Reply {
  const firewall = find(call, world);
  if (firewall.appliedTo.length > 0) {
    throw new ApiError(422, "resource_in_use", `firewall with ID '${firewall.id}' is still in use`);
  }
  world.state.firewalls = world.state.firewalls.filter((other) => other !== firewall);
  return { status: 204 };
}

function setRules(call: Call, _world: World, firewall: FirewallRecord): ActionPlan[] {
  const fields = new Fields(call.body);
  fields.require("rules");
  const rules = readRules(fields);
  fields.check();
  const plan = firewallPlan(firewall, "set_firewall_rules", undefined, () => {
    firewall.rules = rules;
  });
  return [plan];
}

function applyTo(call: Call, world: World, firewall: FirewallRecord): ActionPlan[] {
  const fields = new Fields(call.body);
  fields.require("apply_to");
  const targets = readTargets(fields, "apply_to");
  fields.check();
  requireTargets(world.state, targets, 404);
  requireDistinct(targets, "firewall_already_applied");
  requirePublic(world.state, targets, "private_net_only_server");
  requireFewFirewalls(world.state, firewall, targets);
  const known = targets.find((target) => firewall.appliedTo.some((other) => isDeepStrictEqual(other, target)));
  if (known) throw new ApiError(422, "firewall_already_applied", "firewall is already applied to this resource");
  return targets.map((target) => applyPlan(firewall, target));
}

function removeFrom(call: Call, world: World, firewall: FirewallRecord): ActionPlan[] {
  const fields = new Fields(call.body);
  fields.require("remove_from");
  const targets = readTargets(fields, "remove_from");
  fields.check();
  requireTargets(world.state, targets, 404);
  requireNamed(world.state, firewall, targets);
  return targets.map((target) =>
    firewallPlan(firewall, "remove_firewall", target, () => {
      firewall.appliedTo = firewall.appliedTo.filter((other) => !isDeepStrictEqual(other, target));
    }),
  );
}

function applyPlan(firewall: FirewallRecord, target: FirewallTarget): ActionPlan {
  return firewallPlan(firewall, "apply_firewall", target, () => {
    firewall.appliedTo.push(target);
  });
}

function firewallPlan(
  firewall: FirewallRecord,
  command: string,
  target: FirewallTarget | undefined,
  work: () => void,
): ActionPlan {
  const server = target?.type === "server" ? [{ id: target.server.id, type: "server" }] : [];
  return { command, resources: [{ id: firewall.id, type: "firewall" }, ...server], work };
}
