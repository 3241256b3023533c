import type { CommonArgs, HostRefArgs } from "../args";
import { type Fields, object, optional, required } from "../read/object";
import { integer } from "../read/scalar";
import { connection, credentials } from "./connection";
import { identifier, note } from "./name";

/** Shape of the state that this version writes. */
const STATE_VERSION = 1;

/** The arguments that every resource on a host has. */
export const commonFields: Fields<CommonArgs> = {
  stateVersion: optional(integer(STATE_VERSION, STATE_VERSION), STATE_VERSION),
  owner: required(identifier),
  ownUrn: optional(note, ""),
  host: required(object<HostRefArgs>({ id: required(identifier), instance: required(identifier) })),
  connection,
  credentials,
  // Filled by `check` after this.
  secretFiles: { read: (value) => value as Record<string, string>, required: false, ignored: true },
};
