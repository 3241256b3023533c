import type { CommonArgs } from "../model/args";
import type { Problem } from "../model/problem";
import { Place } from "../model/read/place";
import { secretPath } from "../model/rule/secret";
import { isUnknown, UNKNOWN } from "../model/unknown";
import { readSecretLine, readWhere } from "../remote/secret-file";
import { redactor } from "./redactor";
import { isHashOf, sha512Crypt } from "./sha512-crypt";
import type { Properties } from "./state";

/** How the program passes `rootPasswordFile`: in the place of the password, which is marked as secret there. */
interface PasswordFile {
  file: unknown;
  /** `rootPassword`, given as well. */
  text?: unknown;
}

const readPath = secretPath();

/** The arguments with the password itself, where a file holds it, and why it cannot be had. */
export function withPasswordOfFile(given: Properties): { given: Properties; problems: Problem[] } {
  const password = given.rootPassword;
  if (!isPasswordFile(password)) return { given, problems: [] };
  const place = Place.root().key("rootPasswordFile");
  if (password.text !== undefined) place.refuse("give rootPassword or rootPasswordFile, not both");
  const path = readPath(password.file, place);
  const text = place.problems.length > 0 || isUnknown(path) ? UNKNOWN : contentOf(path, place);
  return { given: { ...given, rootPassword: text }, problems: place.problems };
}

/** What of a property is secret: all of it, but of a password in a file not the path, which errors name. */
export function secretIn(property: unknown): unknown {
  return isPasswordFile(property) ? property.text : property;
}

function isPasswordFile(value: unknown): value is PasswordFile {
  return typeof value === "object" && value !== null && "file" in value;
}

function contentOf(path: string, place: Place): string {
  try {
    const text = readSecretLine(path, "password");
    redactor.learn(text);
    return text;
  } catch (error) {
    place.refuse(`${path} cannot be used: ${(error as Error).message}; ${readWhere}`);
    return UNKNOWN;
  }
}

/** The password becomes its hash; as long as it fits the hash that was used before, that one stays, salt and all. */
export function withHash<A extends CommonArgs>(args: A, olds: Properties | undefined): A {
  const password = (args as { rootPassword?: string }).rootPassword;
  if (password === undefined || isUnknown(password) || isHash(password)) return args;
  const before = olds?.rootPassword;
  const keep = typeof before === "string" && isHashOf(before, password);
  return { ...args, rootPassword: keep ? before : sha512Crypt(password) };
}

/** A hash of crypt(5) with its salt. Anything else that begins with `$` is a password, and never written as it is. */
export function isHash(text: string): boolean {
  return /^\$(?:[1567y]|gy|2[abxy])\$(?:[!-#%-9;-~]+\$){1,2}[./0-9A-Za-z]{22,}$/.test(text);
}
