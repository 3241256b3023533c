import { asleep } from "./asleep";
import { base } from "./base";
import { container } from "./container";
import { facts } from "./facts";
import { fetch } from "./fetch";
import { filter } from "./filter";
import { host } from "./host";
import { image } from "./image";
import { logins } from "./logins";
import { machine } from "./machine";
import { move } from "./move";
import { network } from "./network";
import { nextBoot } from "./next-boot";
import { others } from "./others";
import { ownAddress } from "./own-address";
import { ownership } from "./ownership";
import { probe } from "./probe";
import { release } from "./release";
import { resolvers } from "./resolvers";
import { rulesets } from "./rulesets";
import { strays } from "./strays";
import { rollback } from "./rollback";
import { sysctls } from "./sysctls";
import { tarball } from "./tarball";
import { transaction } from "./transaction";
import { transparent } from "./transparent";
import { tree } from "./tree";
import { units } from "./units";
import { vacant } from "./vacant";

/** Runs the steps one after the other, or puts back what another run left; each inspects, acts where needed, and looks again. */
const main = String.raw`
# What the program does.
case $mode in
  end) end_of_unit "$apply_unit"; exit 0 ;;
  boot) at_boot; exit 0 ;;
esac
count=0
while IFS=$tab read -r verb one two three four five six <&3; do
  count=$((count + 1))
  if [ -n "$keep" ]; then printf '%s %s\n' "$count" "$verb" >>"$keep/journal"; fi
  "step_$verb" "$one" "$two" "$three" "$four" "$five" "$six"
done 3<"$dir/steps"
if [ "$failed" = soft ]; then exit 1; fi
printf 'end\n' >&4 2>/dev/null || :
exit 0
`;

/**
 * The program on the host: one constant text for every call, POSIX sh. What differs between calls is data (steps, texts).
 * `remote` adds tree.pl behind its end, so that both are one file on the host, and always of one version.
 */
export const script: string = [
  "# shellcheck shell=sh disable=SC2086,SC2046\n",
  base,
  ownership,
  transaction,
  rollback,
  host,
  sysctls,
  units,
  asleep,
  nextBoot,
  resolvers,
  logins,
  network,
  filter,
  strays,
  vacant,
  ownAddress,
  transparent,
  image,
  tarball,
  fetch,
  tree,
  machine,
  container,
  probe,
  move,
  release,
  others,
  rulesets,
  facts,
  main,
].join("");
