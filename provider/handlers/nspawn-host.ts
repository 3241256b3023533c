import { hostDefaults } from "../model/defaults";
import type { HostArgs } from "../model/args";
import { parseHost } from "../model/parse-host";
import type { Facts } from "../plan/facts";
import { hostObject, planHost } from "../plan/plan-host";
import { planHostRemoval } from "../plan/plan-removal";
import { portToOutside } from "../plan/uplink";
import { uplinkAddresses } from "../plan/uplink-addresses";
import { publicKeyOf } from "../remote/host-key";
import { sessionOf } from "../remote/sessions";
import type { Session } from "../remote/session";
import { desiredHost } from "../render/desired-host";
import { create } from "./create";
import type { Kind, Previous } from "./kind";
import { provider } from "./provider";
import type { Properties } from "./state";
import { targetOf } from "./target-of";

function outputs(_args: HostArgs, facts: Facts): Record<string, string> {
  const uplinkName = portToOutside(facts) ?? "";
  return { ...uplinkAddresses(facts, uplinkName), uplinkName, os: facts.os, systemdVersion: facts.systemdVersion };
}

function rotationOf(args: HostArgs, previous: Previous): { privateKey: string; publicKey: string } | undefined {
  const { bootHostKey, rotation } = args;
  if (!previous.first || bootHostKey === undefined || rotation === undefined) return undefined;
  return { privateKey: rotation.privateKey, publicKey: publicKeyOf(rotation.privateKey) };
}

const kind: Kind<HostArgs> = {
  word: "host",
  nameOf: () => "",
  identity: ["host"],
  deleteBeforeReplace: false,
  defaults: { credentials: {}, ...hostDefaults },
  outputNames: ["ipv4", "ipv6Network", "uplinkName", "os", "systemdVersion"],
  parse: parseHost,
  desired: desiredHost,
  object: () => hostObject,
  soughtNames: () => ({}),
  plan: (args, desired, previous) => planHost(args, desired, { ...previous, rotation: rotationOf(args, previous) }),
  removal: (args) => planHostRemoval(args.owner),
  outputs,
};

/** First contact accepts the key from user data too, this once: it is replaced by the first program. */
function firstSession(args: HostArgs): Session {
  const target = targetOf(args.connection, args.credentials);
  const boot = args.bootHostKey === undefined ? [] : [args.bootHostKey];
  return sessionOf({ ...target, hostKeys: [...target.hostKeys, ...boot] });
}

/** The connection that accepted the old key ends; the new key has to open the next one. */
async function confirmRotation(args: HostArgs, first: Session): Promise<void> {
  if (args.bootHostKey === undefined) return;
  await first.close();
  await sessionOf(targetOf(args.connection, args.credentials)).open();
}

const newServer = { patience: 300, newServer: true };

/** Handlers of `nspawn:NspawnHost`. */
export const nspawnHost = {
  ...provider(kind),
  create: (inputs: Properties) =>
    create(kind, inputs, { session: firstSession, confirm: confirmRotation, options: newServer }),
};
