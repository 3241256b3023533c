import type { MachineArgs } from "./args";
import { machineDefaults } from "./defaults";
import { lifeRelation } from "./life-relation";
import { limitsRelation } from "./limits-relation";
import { networkRelations } from "./network-relations";
import { provisionRelations } from "./provision-relations";
import { reachRelation } from "./reach-relation";
import { parse } from "./parse";
import type { Parsed } from "./problem";
import { list } from "./read/list";
import { object, optional, required } from "./read/object";
import type { Place } from "./read/place";
import { flag, integer, oneOf } from "./read/scalar";
import { resolver } from "./rule/address";
import { commonFields } from "./rule/common";
import { firewall } from "./rule/firewall";
import { health } from "./rule/health";
import { fleet } from "./rule/fleet";
import { hostname, timezone } from "./rule/hostname";
import { image } from "./rule/image";
import { limits } from "./rule/limits";
import { identifier, machineName } from "./rule/name";
import { networks } from "./rule/networks";
import { privateUsers } from "./rule/private-users";
import { provision } from "./rule/provision";
import { machineSecrets } from "./rule/provision-secrets";
import { authorizedKey } from "./rule/public-key";
import { password } from "./rule/secret";
import { readyWhen } from "./rule/ready-when";
import { settings } from "./rule/settings";
import { users } from "./rule/user";
import { settingsRelations } from "./settings-relations";

const read = object<MachineArgs>({
  ...commonFields,
  name: required(machineName),
  firstOwner: optional(identifier),
  networks: required(networks),
  image: required(image),
  hostname: required(hostname),
  dns: optional(list(resolver, { min: 1, max: 3, twice: "is listed", why: "resolv.conf(5) uses three" })),
  timezone: optional(timezone),
  authorizedKeys: optional(list(authorizedKey, { twice: "is listed" }), machineDefaults.authorizedKeys),
  rootPassword: optional(password),
  startAtBoot: optional(flag, machineDefaults.startAtBoot),
  startAfter: optional(list(machineName, { min: 1, max: 16, twice: "is listed" })),
  restart: optional(oneOf(["no", "on-failure", "always"]), machineDefaults.restart),
  restartDelay: optional(integer(1, 3600)),
  running: optional(flag, machineDefaults.running),
  ephemeral: optional(flag, machineDefaults.ephemeral),
  privateUsers: optional(privateUsers, machineDefaults.privateUsers),
  confined: optional(flag, machineDefaults.confined),
  settings: optional(settings),
  limits: optional(limits),
  readyWhen: optional(readyWhen, machineDefaults.readyWhen),
  health: optional(health),
  users: optional(users),
  provision: optional(provision),
  secrets: optional(machineSecrets),
  onDelete: optional(oneOf(["trash", "delete", "keep"]), machineDefaults.onDelete),
  firewall: optional(firewall),
  fleet: optional(fleet),
  adopt: optional(flag, machineDefaults.adopt),
});

function relations(args: MachineArgs, place: Place): void {
  networkRelations(args, place);
  settingsRelations(args, place);
  limitsRelation(args, place);
  lifeRelation(args, place);
  reachRelation(args, place);
  provisionRelations(args, place);
}

/** Checks the arguments of `nspawn:NspawnMachine`: all problems at once. Unknowns pass. */
export function parseMachine(inputs: unknown): Parsed<MachineArgs> {
  return parse(read, relations, inputs);
}
