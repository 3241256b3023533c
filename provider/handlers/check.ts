import type { CommonArgs } from "../model/args";
import { asBefore } from "../model/as-before";
import { complete } from "../model/compact";
import { hasUnknown } from "../model/unknown";
import { learnGivenUp } from "./gone";
import type { Kind } from "./kind";
import { redactor } from "./redactor";
import { withHash, withPasswordOfFile } from "./root-password";
import { argsOf, defined, inputsOf, type Properties } from "./state";

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
  const { __provider: provider, ...own } = news;
  const { given, problems } = withPasswordOfFile(own);
  // What state leaves out may be left out here as well.
  const parsed = kind.parse(complete(given, kind.defaults(given as Partial<A>)));
  if (!parsed.ok || problems.length > 0) {
    const all = parsed.ok ? problems : [...problems, ...parsed.problems];
    return {
      inputs: news,
      failures: all.map(({ path, message }) => ({ property: path, reason: redactor.hide(message) })),
    };
  }
  learnGivenUp(parsed.value);
  const hashed = withHash(parsed.value, olds);
  const args = kind.kept?.(hashed, (olds ?? {}) as Partial<A>) ?? hashed;
  return {
    inputs: { ...inputsOf(kind, args, kind.desired(expected(kind, args, olds))), ...defined({ __provider: provider }) },
    failures: [],
  };
}

/**
 * The arguments as far as a preview can tell: an output of a resource that changes is not known yet, and without its
 * value files would seem to go. It is still a change: the arguments in the inputs stay unknown.
 */
function expected<A extends CommonArgs>(kind: Kind<A>, args: A, olds: Properties | undefined): A {
  return olds?.owner === undefined || !hasUnknown(args) ? args : asBefore(args, argsOf(kind, olds));
}
