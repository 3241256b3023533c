# shellcheck shell=dash
# How every program ends.

# Called at every end. An end without a word of its own is explained by the newest lines of the log.
finish() {
  local status=$? code
  trap - EXIT
  set +e
  if [ "$status" -ne 0 ] && [ -z "$FAILED" ]; then
    code=NSPAWN_STEP_FAILED
    if tail -n 20 "$DIR/log" | grep -q 'No space left on device'; then code=NSPAWN_DISK_FULL; fi
    complain "$code" "\"$PROGRESS\" failed: $(tail -n 12 "$DIR/log")"
  fi
  # An open transaction at the end is one that did not succeed.
  if [ -n "$KEEP" ] && [ -d "$KEEP" ]; then
    if undo "$KEEP"; then printf 'rolled-back\n' >&4 2>/dev/null; else complain NSPAWN_ROLLED_BACK "not everything could be put back, see $KEEP on the host: $(cat "$DIR/unlike")"; fi
    (
      set +e
      tell_facts "${KEEP##*/}"
    )
  fi
  if [ -n "$MINE" ] && [ -d "$MINE" ] && [ ! -s "$MINE/files" ] && [ ! -e "$MINE/machine" ] && [ "$TAINTED" = no ]; then rm -rf "$MINE"; fi
  if [ -n "$PARTIAL" ]; then discard_partial; fi
  rm -rf "$DIR"
  exit "$status"
}
