import { isUnreachable } from "../errors";
import type { FloatingIpArgs } from "../model/args";
import { parseFloatingIp } from "../model/parse-floating-ip";
import { isSameHost } from "../model/same-host";
import { storedDefaults } from "../model/stored";
import { floatingIpObject, planFloatingIp } from "../plan/plan-floating-ip";
import { planFloatingIpRemoval } from "../plan/plan-removal";
import { desiredFloatingIp } from "../render/desired-floating-ip";
import { remove } from "./delete";
import { guarded } from "./guarded";
import type { Kind } from "./kind";
import { show } from "./progress";
import { provider } from "./provider";
import { argsOf, type Properties } from "./state";
import { update } from "./update";

const kind: Kind<FloatingIpArgs> = {
  type: "FloatingIp",
  idPart: "floating-ip",
  nameOf: (args) => args.name,
  identity: ["name", "type"],
  deleteBeforeReplace: false,
  defaults: storedDefaults.floatingIp,
  outputNames: [],
  parse: parseFloatingIp,
  desired: desiredFloatingIp,
  object: (args) => floatingIpObject(args.name),
  subjectNames: () => ({}),
  plan: planFloatingIp,
  removal: (args) => planFloatingIpRemoval(args.owner, args.name),
  outputs: () => ({}),
};

/** A move to another host is an update: withdrawn there, answered for here. A host that is gone answers for nothing. */
async function move(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }> {
  const before = argsOf(kind, olds);
  const after = argsOf(kind, news);
  const moved = !isSameHost(before, after);
  if (moved) {
    await remove(kind, olds).catch((error: unknown) => {
      if (!isUnreachable(error)) throw error;
      show(after.ownUrn, `not withdrawn on the old host: ${error.message}`, "warning");
    });
  }
  return update(kind, id, moved ? { ...olds, applied: undefined } : olds, news);
}

/** Handlers of `nspawn:FloatingIp`. */
export const floatingIp = guarded({ ...provider(kind), update: move });
