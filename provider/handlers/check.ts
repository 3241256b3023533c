import type { CommonArgs } from "../model/args";
import { isUnknown } from "../model/unknown";
import { complete } from "./compact";
import type { Kind } from "./kind";
import { redactor } from "./redactor";
import { isHashOf, sha512Crypt } from "./sha512-crypt";
import { defined, inputsOf, type Properties } from "./state";

export interface CheckResult {
  inputs: Properties;
  failures: { property: string; reason: string }[];
}

/** Parses the arguments, all problems at once, and renders what they mean for the host into the checked inputs. */
export function check<A extends CommonArgs>(
  kind: Kind<A>,
  olds: Properties | undefined,
  news: Properties,
): CheckResult {
  const { __provider: provider, ...given } = news;
  // What state leaves out may be left out here as well.
  const parsed = kind.parse(complete(given, kind.defaults(given as Partial<A>)));
  if (!parsed.ok) {
    return {
      inputs: news,
      failures: parsed.problems.map(({ path, message }) => ({ property: path, reason: redactor.hide(message) })),
    };
  }
  const args = withHash(parsed.value, olds);
  return {
    inputs: { ...inputsOf(kind, args, kind.desired(args)), ...defined({ __provider: provider }) },
    failures: [],
  };
}

/** The password becomes its hash; as long as it fits the hash that was used before, that one stays, salt and all. */
function withHash<A extends CommonArgs>(args: A, olds: Properties | undefined): A {
  const password = (args as { rootPassword?: string }).rootPassword;
  if (password === undefined || isUnknown(password) || isHash(password)) return args;
  const before = olds?.rootPassword;
  const keep = typeof before === "string" && isHashOf(before, password);
  return { ...args, rootPassword: keep ? before : sha512Crypt(password) };
}

/** A hash of crypt(5) with its salt. Anything else that begins with `$` is a password, and never written as it is. */
function isHash(text: string): boolean {
  return /^\$(?:[1567y]|gy|2[abxy])\$(?:[!-#%-9;-~]+\$){1,2}[./0-9A-Za-z]{22,}$/.test(text);
}
