# shellcheck shell=dash
# Runs the steps one after the other, or puts back what another run left; each inspects, acts where needed, and looks again.

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
