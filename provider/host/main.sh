# shellcheck shell=dash
# Runs the steps one after the other, or puts back what another run left; each inspects, acts where needed, and looks again.

# What the program does.
main() {
  local count verb one two three four five six
  count=0
  while IFS=$TAB read -r verb one two three four five six <&3; do
    count=$((count + 1))
    if [ -n "$KEEP" ]; then printf '%s %s\n' "$count" "$verb" >>"$KEEP/journal"; fi
    "step_$verb" "$one" "$two" "$three" "$four" "$five" "$six"
  done 3<"$DIR/steps"
}
case $MODE in
  end) end_of_unit "$APPLY_UNIT" ;;
  boot) at_boot ;;
  *)
    main
    if [ "$FAILED" = soft ]; then exit 1; fi
    printf 'end\n' >&4 2>/dev/null || :
    ;;
esac
exit 0
