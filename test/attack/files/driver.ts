import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDir } from "../../../lab/core/places";
import { programWith } from "../../support/functions";
import type { FileTrial } from "./trial";

const oldWay = (): string => readFileSync(join(packageDir(), "test/attack/files/old-way.sh"), "utf8");

const tools = String.raw`
attacked=/root/attacked
arrange() {
  rm -rf "$attacked"
  mkdir -m 0700 "$attacked"
  printf 'precious\n' >"$attacked/victim"
  cp "$attacked/victim" "$attacked/authorized_keys"
  printf '%s\n' root:canary:1:0::::: canary:canary:1:0::::: >"$attacked/secret"
  chmod 0600 "$attacked"/*
}
# Names, kinds, modes, owners, numbers of names, contents.
look() { (cd "$attacked" && find . -printf '%p %y %m %U %G %n\n' | sort && cat victim authorized_keys secret) 2>&1; }
intact() { [ "$(look)" = "$sight" ]; }
in_time() { # SECONDS COMMAND…
  limit=$(($1 * 20))
  shift
  rm -f "$DIR/done"
  { ("$@") || :; : >"$DIR/done"; } &
  waiting=$!
  while [ ! -e "$DIR/done" ] && [ "$limit" -gt 0 ]; do sleep 0.05; limit=$((limit - 1)); done
  if [ ! -e "$DIR/done" ]; then : >"$DIR/late"; end_all "$waiting"; fi
  wait
}
end_all() {
  for child in $(cat "/proc/$1/task/$1/children"); do end_all "$child"; done
  kill -9 "$1" || :
}
`;

/**
 * A program for the host that makes tries, and says how many of them worked.
 *
 * @param tries it ends soon after the first that works
 */
export function driver(trial: FileTrial, way: "old" | "new", tries: number): string {
  const text = `${tools}
ROOT=$TREES/a MINE=$DIR/mine out=$DIR/facts KEEP="" new=$DIR/new tree=a guest=$(stat -c %u:%g "$TREES/a")
mkdir -p "$MINE" "$DIR/texts" "$out" "$new/guest"
: >"$MINE/files"
: >"$DIR/steps"
printf 'tree\\tmachine\\thash\\n' >"$DIR/fields"
printf 'tree\\ta\\th\\n' >"$DIR/steps"
n=0 won=0
arrange
(${trial.host ?? ":"}) </dev/null 4>&-
sight=$(look)
one_try() { ${trial.step}
}
lost() { ${trial.lost ?? "return 1"}
}
while [ "$n" -lt ${tries} ]; do
  n=$((n + 1))
  set +e
  (set -e; one_try) </dev/null
  set -e
  ${trial.lost === undefined ? "" : "if lost; then won=1; break; fi"}
  # What it did stays there. Also by an attack that is not its own.
  if [ "$((n % 10))" = 0 ] || [ "$n" = ${tries} ]; then
    if ! intact; then won=1; break; fi
  fi
done
trap - EXIT
printf '%s %s\\n' "$n" "$won" >&4
tail -n 5 "$DIR/log" >&4
`;
  return way === "old" ? `${oldWay()}${text}` : programWith(text);
}
