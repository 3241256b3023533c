import { ApiError } from "../http/api-error";
import type { Call } from "../http/call";
import { Fields } from "../http/fields";
import { listReply } from "../http/list-reply";
import type { Reply } from "../http/reply";
import type { Route } from "../routing/route";
import { NAME } from "../shared/name-length";
import { readLabels } from "../shared/read-labels";
import { rename } from "../shared/rename";
import { requireUnique } from "../shared/require-unique";
import type { World } from "../world";
import { keyFingerprint } from "./key-fingerprint";
import type { SshKeyRecord } from "../records/ssh-key-record";
import { findRow } from "../shared/find-row";

export const sshKeyRoutes: Route[] = [
  {
    method: "GET",
    path: "/ssh_keys",
    handle: (call, world) => {
      const fingerprint = call.query.get("fingerprint");
      const rows = world.state.sshKeys.filter((key) => !fingerprint || key.fingerprint === fingerprint);
      return listReply(call, "ssh_keys", rows, world.options.maxPerPage);
    },
  },
  { method: "POST", path: "/ssh_keys", handle: create },
  { method: "GET", path: "/ssh_keys/:id", handle: (call, world) => shown(find(call, world)) },
  { method: "PUT", path: "/ssh_keys/:id", handle: update },
  { method: "DELETE", path: "/ssh_keys/:id", handle: remove },
];

function find(call: Call, world: World): SshKeyRecord {
  return findRow(world.state.sshKeys, call.params["id"], "ssh_key");
}

function shown(key: SshKeyRecord, status = 200): Reply {
  return { status, body: { ssh_key: key } };
}

function create(call: Call, world: World): Reply {
  const fields = new Fields(call.body);
  const name = fields.required("name", { max: NAME });
  const publicKey = fields.required("public_key").trim();
  const labels = readLabels(fields) ?? {};
  const fingerprint = keyFingerprint(publicKey);
  if (publicKey !== "" && !fingerprint) fields.reject("public_key", "is not an OpenSSH public key");
  fields.check();
  const { sshKeys } = world.state;
  requireUnique(sshKeys, name);
  if (sshKeys.some((key) => key.fingerprint === fingerprint)) {
    throw ApiError.notUnique("public_key", "SSH key with the same fingerprint already exists");
  }
  const id = world.store.newId();
  const key = { id, name, fingerprint: fingerprint ?? "", public_key: publicKey, labels, created: world.now() };
  sshKeys.push(key);
  return shown(key, 201);
}

function update(call: Call, world: World): Reply {
  const key = find(call, world);
  rename(new Fields(call.body), world.state.sshKeys, key);
  return shown(key);
}

/** Servers keep what they were given at their creation. */
function remove(call: Call, world: World): Reply {
  const key = find(call, world);
  world.state.sshKeys = world.state.sshKeys.filter((other) => other !== key);
  return { status: 204 };
}
