import type { HostArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { resolvConf, sysctlFile } from "../model/paths";
import { authorizedKeysFile } from "../render/authorized-keys";
import { claim } from "./claim";
import { Draft } from "./draft";
import { factAs } from "./fact";
import { hostFiles } from "./files";
import type { Program } from "./program";
import { resourceKey } from "./resource-key";
import { unitNames, unitSteps } from "./unit-steps";

/** The name under which a host's own things are kept. */
export const hostObject = "host";

/** Written on the host from the resolv.conf that is found, so that no name fails while resolved takes over. */
const resolvedDropIn = "/etc/systemd/resolved.conf.d/60-pulumi-nspawn.conf";

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
  // Not part of the transaction: the next program can log in by this key only.
  if (previous.rotation !== undefined) {
    const { privateKey, publicKey } = previous.rotation;
    draft.add({
      verb: "host_key",
      privateText: draft.text(privateKey, "host-key"),
      publicText: draft.text(`${publicKey}\n`),
    });
  }
  const paths = args.resolved ? [resolvConf, resolvedDropIn] : [];
  draft.add({ verb: "lock" });
  claim(draft, args, desired, {
    object: hostObject,
    adopt: args.adopt,
    formerOwner: previous.owner,
    confirm: true,
    paths,
    login: args.authorizedKeys && args.connection.user,
  });
  if (args.resolved) draft.add({ verb: "keep_names" });
  for (const unit of unitNames(desired)) draft.add({ verb: "remember", unit });
  draft.add({ verb: "unlock" });
  for (const name of Object.keys(factAs.named(desired.boot.packages))) {
    draft.add({ verb: "package", name, need: "required" });
  }
  if (args.resolved) draft.add({ verb: "package", name: "systemd-resolved", need: "if-there-is" });
  draft.add({ verb: "install" }, { verb: "lock" });
  hostFiles(draft, desired);
  draft.add(
    { verb: "prune" },
    { verb: "settle" },
    { verb: "uplink" },
    { verb: "quiet_uplink" },
    { verb: "sysctls", path: sysctlFile },
  );
  draft.add(...unitSteps(desired));
  if (args.resolved) draft.add({ verb: "stub_resolver" });
  logins(draft, args);
  draft.add({ verb: "confirm" }, { verb: "unlock" });
  return draft.program(1200);
}

/** Last, and so in force as soon as possible when the new connection, which has to log in by one of them, confirms. */
function logins(draft: Draft, { authorizedKeys, connection: { user } }: HostArgs): void {
  if (authorizedKeys === undefined) return;
  draft.add({ verb: "authorized_keys", user, text: draft.text(authorizedKeysFile(authorizedKeys)) });
}
