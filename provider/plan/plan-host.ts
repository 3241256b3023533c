import type { HostArgs } from "../model/args";
import { canonicalIPv4 } from "../model/address";
import type { Desired } from "../model/desired";
import { limitSysctls } from "../model/own-sysctls";
import { limitsScript, resolvConf, resolvedDropIn, sysctlFile, wireguardKeyFile } from "../model/paths";
import { authorizedKeysFile } from "../render/authorized-keys";
import { claim } from "./claim";
import { Draft } from "./draft";
import { factAs } from "../model/fact/fact-as";
import { hostFiles } from "./files";
import type { Program } from "./program";
import { resourceKey } from "./resource-key";
import type { Step } from "./step";
import { beyondChoice, storageSteps } from "./storage-steps";
import { unitNames, unitSteps } from "./unit-steps";

/** The name under which a host's own things are kept. */
export const hostObject = "host";

interface Previous {
  owner?: string;
  /** The first time: a new server may still be setting itself up. */
  first: boolean;
  /** Host key in OpenSSH form that replaces the one from user data. */
  rotation?: { privateKey: string; publicKey: string };
}

/** Prepares a host, or brings it back to what is wanted: the same program. */
export function planHost(args: HostArgs, desired: Desired, previous: Previous): Program {
  const draft = new Draft().add({ verb: "own", key: resourceKey(args.owner, hostObject), owner: args.owner });
  if (previous.first) draft.add({ verb: "cloud_init" });
  draft.add({ verb: "preflight", megabytes: 512 });
  const address = saidIpv4(args);
  if (address !== undefined) draft.add({ verb: "own_address", address, link: "-" });
  const storage = storageSteps(draft, args, desired);
  const certain = beyondChoice(args, desired);
  draft.add(...withoutProxy(args), ...storage.first);
  rotate(draft, previous);
  const paths = args.resolved ? [resolvConf, resolvedDropIn] : [];
  draft.add({ verb: "lock" });
  claim(draft, args, desired, {
    object: hostObject,
    adopt: args.adopt,
    formerOwner: previous.owner,
    confirm: true,
    paths,
    login: args.authorizedKeys && args.connection.user,
    limits: Object.keys(limitSysctls),
    secrets: secretsOf(args),
  });
  if (args.resolved) draft.add({ verb: "keep_names" });
  for (const unit of unitNames(certain)) draft.add({ verb: "remember", unit });
  draft.add({ verb: "unlock" });
  for (const name of Object.keys(factAs.named(certain.boot.packages))) {
    draft.add({ verb: "package", name, need: "required" });
  }
  if (args.resolved) draft.add({ verb: "package", name: "systemd-resolved", need: "if-there-is" });
  draft.add({ verb: "install" }, { verb: "lock" });
  hostFiles(draft, certain);
  draft.add(
    ...storage.files,
    ...secretsOf(args).map((path): Step => ({ verb: "wireguard_key", path })),
    { verb: "prune" },
    { verb: "asleep" },
    { verb: "settle" },
    { verb: "uplink" },
    { verb: "quiet_uplink" },
    { verb: "sysctls", path: sysctlFile, limits: limitsScript },
  );
  draft.add(...unitSteps(certain), ...storage.then, { verb: "still_asleep" });
  if (args.resolved) draft.add({ verb: "stub_resolver" });
  logins(draft, args);
  draft.add({ verb: "confirm" }, ...storage.last, { verb: "unlock" });
  return draft.program(1200);
}

/** What the host makes for itself. */
const secretsOf = ({ wireguard }: HostArgs): string[] => (wireguard === true ? [wireguardKeyFile] : []);

/** Where nobody is to answer for subnets: what that means for those which machines have. */
const withoutProxy = ({ neighbourProxy }: HostArgs): Step[] =>
  neighbourProxy === undefined ? [{ verb: "still_answered" }] : [];

/** Not part of the transaction: the next program can log in by this key only. */
function rotate(draft: Draft, { rotation }: Previous): void {
  if (rotation === undefined) return;
  draft.add({
    verb: "host_key",
    privateText: draft.text(rotation.privateKey, "host-key"),
    publicText: draft.text(`${rotation.publicKey}\n`),
  });
}

/** The IPv4 address that bridges are told to carry; of a server it is its own. */
function saidIpv4({ ownIpv4, host, connection }: HostArgs): string | undefined {
  const isReachedAsItself = host.instance === `${connection.host}:${connection.port}`;
  return ownIpv4 ?? (isReachedAsItself ? canonicalIPv4(connection.host) : undefined);
}

/** Last, and so in force as soon as possible when the new connection, which has to log in by one of them, confirms. */
function logins(draft: Draft, { authorizedKeys, connection: { user } }: HostArgs): void {
  if (authorizedKeys === undefined) return;
  draft.add({ verb: "authorized_keys", user, text: draft.text(authorizedKeysFile(authorizedKeys)) });
}
