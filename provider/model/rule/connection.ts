import type { ConnectionArgs, CredentialsArgs } from "../args";
import { canonicalAddress } from "../address";
import { type Field, object, optional, required } from "../read/object";
import { list } from "../read/list";
import type { Place } from "../read/place";
import type { Reader } from "../read/reader";
import { hasControl } from "../read/control";
import { flag, integer } from "../read/scalar";
import { text } from "../read/text";
import { isUnknown } from "../unknown";
import { hostKey } from "./public-key";
import { passphrase, privateKey, secretPath } from "./secret";

const NAME =
  /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$/;

/** What inet_aton(3) reads as an address, and URLs too, is a mistyped one: 010.0.0.1, 127.1, 1.2.3.0x4. */
const NUMBER_AT_END = /(^|\.)(\d+|0x[0-9a-f]*)\.?$/i;

/** Unspecified, multicast, reserved, broadcast. */
const NO_HOST = /^(0\.|22[4-9]\.|2[345]\d\.|::$|ff..:)/;

const host = text({
  allowed: "be a host name or an address, without user, port, scheme or brackets",
  max: 253,
  test: (value) => {
    if (canonicalAddress(value) === undefined) return NAME.test(value) && !NUMBER_AT_END.test(value);
    return NO_HOST.test(value) ? "nothing can be reached at this address" : true;
  },
});

/** Directories of people have names with dots and capitals (`first.last`, `Jane.Doe`); a shell and a path read none of it. */
const user = text({
  allowed: "be a login name: ^[A-Za-z_][A-Za-z0-9_.-]{0,31}$",
  test: (value) => {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(value)) return false;
    return value.toLowerCase() === "root" && value !== "root" ? "root is written in small letters" : true;
  },
});

const socket = text({
  allowed: "be an absolute path",
  max: 1024,
  test: (value) => /^\/./.test(value) && !hasControl(value),
});

/** Jump hosts behind jump hosts. */
const DEPTH = 3;

function connectionAt(depth: number): Reader<ConnectionArgs> {
  const read: Reader<ConnectionArgs> = object<ConnectionArgs>({
    host: required(host),
    port: optional(integer(1, 65535), 22),
    user: optional(user, "root"),
    hostKeys: optional(list(hostKey, { max: 10 }), []),
    acceptNewHostKey: optional(flag),
    agentSocketPath: optional(socket),
    privateKeyFile: optional(secretPath("this is a key; a key itself is given as privateKey")),
    privateKeyPasswordFile: optional(secretPath()),
    perDialTimeout: optional(integer(1, 600)),
    dialErrorLimit: optional(integer(0, 1000)),
    forgetUnreachable: optional(flag),
    confirmWithin: optional(integer(30, 600)),
    proxy: optional(depth > 0 ? later(() => connectionAt(depth - 1)) : tooDeep<ConnectionArgs>()),
  });
  return (value, place) => {
    const found = read(value, place);
    if (!isUnknown(found) && needsKey(found))
      place
        .key("hostKeys")
        .refuse("needs at least one public host key; or set acceptNewHostKey, which trusts whoever answers first");
    return found;
  };
}

function needsKey({ hostKeys, acceptNewHostKey }: ConnectionArgs): boolean {
  return Array.isArray(hostKeys) && hostKeys.length === 0 && !acceptNewHostKey;
}

function credentialsAt(depth: number): Reader<CredentialsArgs> {
  return object<CredentialsArgs>({
    privateKey: optional(privateKey),
    privateKeyPassword: optional(passphrase),
    proxy: optional(depth > 0 ? later(() => credentialsAt(depth - 1)) : tooDeep<CredentialsArgs>()),
  });
}

/** Refuses what is given twice, as itself and as a file: nobody could say which one counts. */
export function oneOfEach(connection: ConnectionArgs, credentials: CredentialsArgs, place: Place): void {
  refuseTwo(connection, credentials, place.key("connection"));
}

function refuseTwo(open: ConnectionArgs | undefined, secret: CredentialsArgs | undefined, place: Place): void {
  if (open === undefined || secret === undefined || isUnknown(open) || isUnknown(secret)) return;
  for (const name of ["privateKey", "privateKeyPassword"] as const)
    if (open[`${name}File`] !== undefined && secret[name] !== undefined)
      place.key(`${name}File`).refuse(`give ${name} or ${name}File, not both`);
  refuseTwo(open.proxy, secret.proxy, place.key("proxy"));
}

function later<T>(read: () => Reader<T>): Reader<T> {
  return (value, place) => read()(value, place);
}

function tooDeep<T>(): Reader<T> {
  return (value, place) => {
    place.refuse(`more than ${DEPTH} jump hosts in a row are not supported`);
    return value as T;
  };
}

export const connection: Field<ConnectionArgs> = required(connectionAt(DEPTH));

const readCredentials = credentialsAt(DEPTH);

/** Secret as a whole. */
export const credentials: Field<CredentialsArgs> = optional(
  (value, place) => readCredentials(value, place.secret()),
  {},
);
