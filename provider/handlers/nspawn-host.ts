import { NspawnError, isUnreachable, withoutCode } from "../errors";
import type { HostArgs } from "../model/args";
import { parseHost } from "../model/parse-host";
import { storedDefaults } from "../model/stored";
import type { Facts } from "../observe/facts/facts";
import { hostObject, planHost } from "../plan/plan-host";
import { planHostRemoval } from "../plan/plan-removal";
import { portToOutside } from "../observe/uplink";
import { uplinkAddresses } from "../observe/uplink-addresses";
import { publicKeyOf } from "../remote/ssh/login-key";
import { sessionOf } from "../remote/sessions";
import type { CallOptions, Session } from "../remote/session";
import { desiredHost } from "../render/desired-host";
import { check, type CheckResult } from "./check";
import { create } from "./create";
import { guarded } from "./guarded";
import type { Kind, Previous } from "./kind";
import { lockedOut, accessForLogins } from "./logins";
import { provider } from "./provider";
import { argsOf, type Properties } from "./state";
import { targetOf } from "./target-of";
import { update, type HostAccess } from "./update";

function outputs(args: HostArgs, facts: Facts): Record<string, string> {
  const uplinkName = portToOutside(facts) ?? "";
  const wireguard: Record<string, string> =
    args.wireguard === true ? { wireguardKey: facts.wireguard.own?.key ?? "" } : {};
  const { os, systemdVersion } = facts;
  return { ...uplinkAddresses(facts, uplinkName), uplinkName, os, systemdVersion, ...wireguard };
}

function rotationOf(args: HostArgs, previous: Previous): { privateKey: string; publicKey: string } | undefined {
  const { bootHostKey, rotation } = args;
  if (!previous.first || bootHostKey === undefined || rotation === undefined) return undefined;
  return { privateKey: rotation.privateKey, publicKey: publicKeyOf(rotation.privateKey) };
}

/** A host that is prepared from now on chooses; one that was prepared without it, by an older version, stays as it is. */
function withStorage(args: HostArgs, before: Partial<HostArgs>): HostArgs {
  const isOld = before.owner !== undefined && before.storage === undefined;
  return args.storage !== undefined || isOld ? args : { ...args, storage: { type: "auto" } };
}

const kind: Kind<HostArgs> = {
  type: "NspawnHost",
  idPart: "host",
  nameOf: () => "",
  identity: ["host"],
  deleteBeforeReplace: false,
  defaults: storedDefaults.host,
  kept: withStorage,
  outputNames: ["ipv4", "ipv6Network", "uplinkName", "os", "systemdVersion", "wireguardKey"],
  parse: parseHost,
  desired: desiredHost,
  object: () => hostObject,
  subjectNames: () => ({}),
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

/** What would cut the host off is refused in the preview. */
function checkLogins(olds: Properties, news: Properties): CheckResult {
  const { inputs, failures } = check(kind, olds, news);
  if (failures.length > 0) return { inputs, failures };
  const reason = lockedOut(argsOf(kind, inputs));
  return { inputs, failures: reason === undefined ? [] : [{ property: "authorizedKeys", reason }] };
}

/** A login that is not let in any more keeps no connection. */
async function updateLogins(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }> {
  let way: HostAccess | undefined;
  const done = await update(
    kind,
    id,
    olds,
    news,
    async (args) => (way = await accessForLogins(argsOf(kind, olds), args)),
  );
  if (way?.options.confirmAs !== undefined) await way.session.close();
  return done;
}

/** A server of the cloud may be booting for the first time; any other host is there, and has its keys, or has not. */
function firstContact({ bootHostKey, host }: HostArgs): CallOptions {
  const isServer = bootHostKey !== undefined || /^\d+$/.test(host.instance);
  return isServer ? { patience: 300, newServer: true } : {};
}

/** A server whose creation failed at Hetzner stays in Pulumi's state; nothing but another one helps. */
function withAdvice(error: unknown, { bootHostKey, ownUrn }: HostArgs): unknown {
  if (!isUnreachable(error) || bootHostKey === undefined) return error;
  const server = ownUrn.replace("pulumi-nodejs:dynamic/nspawn:NspawnHost", "hcloud:index/server:Server");
  const message = `${withoutCode(error)}; if the server's own creation failed before, make it anew: pulumi up --replace '${server}'`;
  return new NspawnError(error.code, message, { cause: error });
}

/** Handlers of `nspawn:NspawnHost`. */
export const nspawnHost = guarded({
  ...provider(kind),
  check: (olds: Properties, news: Properties) => Promise.resolve(checkLogins(olds, news)),
  update: updateLogins,
  create: (inputs: Properties) => {
    const args = argsOf(kind, inputs);
    const first = { session: firstSession, confirm: confirmRotation, options: firstContact(args) };
    return create(kind, inputs, first).catch((error) => {
      throw withAdvice(error, args);
    });
  },
});
