# shellcheck shell=dash
# Images as the command shows them: how large they are, when they were made, and what is made of them.

# By their names; locks and what is being made have others.
image_names() { find "$(store)/images" -mindepth 1 -maxdepth 1 -type d -name '????????????????' -printf '%f\n' 2>/dev/null | grep -x '[0-9a-f]*' | sort || :; }

# The resource that an image belongs to, where it is a machine's.
publisher_of() { # HASH
  local record
  for record in $(grep -lxF -e "publishes$TAB$1" "$OWNERS"/*/record 2>/dev/null || :); do owner_in "${record%/record}"; done | head -n 1
}

step_images() {
  local name image made
  say "listing the images"
  for name in $(image_names); do
    image=$(store)/images/$name
    made=$(stat -c %Y "$image.lock" 2>/dev/null || echo 0)
    printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$(du -sx -B 1 "$image" | cut -f 1)" "$made" "$(publisher_of "$name")" "$(made_of "$name" | sort | paste -sd' ')"
  done >"$DIR/images"
  frame result images "$DIR/images"
}

# Machines are copies, so none loses anything; one that comes later has its image made anew.
step_prune_images() {
  local names="$1"
  local name image
  for name in $names; do
    image=$(store)/images/$name
    if [ ! -d "$image" ]; then continue; fi
    if [ -n "$(made_of "$name")$(publisher_of "$name")" ]; then
      warn "the image $name is used by now, and stays"
      continue
    fi
    exec 8>>"$image.lock"
    if ! flock -n 8; then
      warn "the image $name is being used, and stays"
      continue
    fi
    say "removing the image $name"
    discard "$image"
    rm -f "$image.lock"
    exec 8>&-
  done
}
