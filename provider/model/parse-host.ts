import { hostDefaults } from "./defaults";
import type { HostArgs } from "./args";
import { parse } from "./parse";
import type { Parsed } from "./problem";
import { list } from "./read/list";
import { object, optional, required } from "./read/object";
import type { Place } from "./read/place";
import { flag, oneOf } from "./read/scalar";
import { ipv4 } from "./rule/address";
import { commonFields } from "./rule/common";
import { uplinkName } from "./rule/name";
import { packageNames } from "./rule/package-name";
import { authorizedKey, hostKey } from "./rule/public-key";
import { privateKey } from "./rule/secret";
import { storage } from "./rule/storage";
import { sysctls } from "./rule/sysctl";

const rotation = object<{ privateKey: string }>({ privateKey: required(privateKey) });

const read = object<HostArgs>({
  ...commonFields,
  uplink: optional(uplinkName),
  packages: optional(packageNames, hostDefaults.packages),
  sysctls: optional(sysctls, hostDefaults.sysctls),
  resolved: optional(flag, hostDefaults.resolved),
  adopt: optional(flag, hostDefaults.adopt),
  authorizedKeys: optional(list(authorizedKey, { min: 1, twice: "is listed", why: "nobody could log in" })),
  bootHostKey: optional(hostKey),
  neighbourProxy: optional(oneOf(["ndppd"])),
  wireguard: optional(flag),
  storage: optional(storage),
  ownIpv4: optional(ipv4),
  rotation: optional((value, place) => rotation(value, place.secret())),
});

function relations(args: HostArgs, place: Place): void {
  if ((args.bootHostKey === undefined) === (args.rotation === undefined)) return;
  const missing = args.bootHostKey === undefined ? "bootHostKey" : "rotation";
  place.key(missing).secret().refuse("is required: bootHostKey and rotation go together");
}

/** Checks the arguments of `nspawn:NspawnHost`: all problems at once. Unknowns pass. */
export function parseHost(inputs: unknown): Parsed<HostArgs> {
  return parse(read, relations, inputs);
}
