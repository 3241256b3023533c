import { base } from "./base";
import { facts } from "./facts";
import { host } from "./host";
import { image } from "./image";
import { machine } from "./machine";
import { move } from "./move";
import { network } from "./network";
import { others } from "./others";
import { ownership } from "./ownership";
import { release } from "./release";
import { strays } from "./strays";

/** Runs the steps one after the other; each inspects, acts where needed, and looks again. */
const main = String.raw`
while IFS=$tab read -r verb one two three four five six <&3; do
  "step_$verb" "$one" "$two" "$three" "$four" "$five" "$six"
done 3<"$dir/steps"
if [ "$failed" = soft ]; then exit 1; fi
printf 'end\n' >&4 2>/dev/null || :
`;

/** The program on the host: one constant text for every call, POSIX sh. What differs between calls is data (steps, texts). */
export const script: string = [
  "# shellcheck shell=sh disable=SC2086,SC2046\n",
  base,
  ownership,
  host,
  network,
  strays,
  image,
  machine,
  move,
  release,
  others,
  facts,
  main,
].join("");
