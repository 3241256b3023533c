import type { FleetMembershipArgs, MachineArgs } from "../model/args";
import { fleetDefaults } from "../model/defaults";
import { isPlainObject } from "../model/read/plain-object";
import { hostDiffers } from "./diff";
import type { Kind } from "./kind";
import { show } from "./progress";
import type { provider } from "./provider";
import { Rollout, type Turn } from "./rollout";
import { argsOf, type Properties } from "./state";
import { touchesHost } from "./update";

type Handlers = Pick<ReturnType<typeof provider>, "check" | "create" | "update" | "delete">;

/** The fleets of this process, by name: one process is one run of one stack. */
const rollouts = new Map<string, Rollout>();

/** The members that the program has, by their owner, with the fleet that it says. */
const members = new Map<string, FleetMembershipArgs>();

function rolloutOf({ name }: FleetMembershipArgs): Rollout {
  const rollout = rollouts.get(name) ?? new Rollout(name);
  rollouts.set(name, rollout);
  return rollout;
}

function membershipOf({ fleet }: Properties): FleetMembershipArgs | undefined {
  if (!isPlainObject(fleet) || typeof fleet.name !== "string") return undefined;
  const { maxUnavailable } = fleet;
  const most = typeof maxUnavailable === "number" ? maxUnavailable : fleetDefaults.maxUnavailable;
  return { name: fleet.name, maxUnavailable: most };
}

/** What `check` sees of the program: by this a delete is known as a half of a replacement, and who may come yet. */
function learn(news: Properties): void {
  const fleet = membershipOf(news);
  if (fleet === undefined || typeof news.owner !== "string") return;
  members.set(news.owner, fleet);
  rolloutOf(fleet).heard();
}

/**
 * The handlers of a machine that may be a member of a fleet (docs/fleets.md): what restarts or replaces one waits for its turn.
 * What only rewrites state, what is new and what is no longer wanted does not.
 */
export function inTurn<H extends Handlers>(kind: Kind<MachineArgs>, handlers: H): H {
  const turn = (fleet: FleetMembershipArgs, olds: Properties): Turn => {
    const { owner, name, ownUrn } = argsOf(kind, olds);
    const unfinished = hostDiffers(olds, kind.desired(argsOf(kind, olds)) as unknown as Properties);
    const tell = (progress: string): void => show(ownUrn, progress);
    return { member: owner, name, most: fleet.maxUnavailable, unfinished, tell };
  };
  return {
    ...handlers,
    check: (olds: Properties, news: Properties) => {
      learn(news);
      return handlers.check(olds, news);
    },
    create: (inputs: Properties) => {
      const fleet = membershipOf(inputs);
      if (fleet === undefined) return handlers.create(inputs);
      const { owner, name } = argsOf(kind, inputs);
      // What is deleted after this is no half of a replacement any more.
      members.delete(owner);
      return rolloutOf(fleet).create({ member: owner, name }, () => handlers.create(inputs));
    },
    update: (id: string, olds: Properties, news: Properties) => {
      const fleet = membershipOf(news);
      const work = () => handlers.update(id, olds, news);
      if (fleet === undefined || !touchesHost(kind, olds, news)) return work();
      return rolloutOf(fleet).change(turn(fleet, olds), work);
    },
    delete: (id: string, properties: Properties) => {
      const fleet = members.get(String(properties.owner));
      const work = () => handlers.delete(id, properties);
      return fleet === undefined ? work() : rolloutOf(fleet).delete(turn(fleet, properties), work);
    },
  };
}
