# shellcheck shell=dash
# Who owns what on the host, and files that go back to what they were.

MINE="" ADOPT=no FORMER=- CHANGED="" TAINTED=no

# owners/<key>/: record (what the resource asked for), files (what it wrote), made (directories), was/ (what stood there before),
# units and sysctls (their state before), installed (packages), machine (the name of its tree).
step_claim() {
  local key="$1" former="$2" adopt="$3" record="$4"
  local list
  as_owner "$OWNERS/$key"
  ADOPT=$adopt
  mkdir -p "$LIBRARY"
  chmod 0700 "$LIBRARY"
  mkdir -p "$OWNERS"
  chmod 0700 "$OWNERS"
  find_former "$key" "$former" "$adopt" "$record"
  if [ "$FORMER" != - ]; then mv -T "$OWNERS/$FORMER" "$MINE"; fi
  mkdir -p "$MINE"
  for list in files made units sysctls installed; do
    if [ ! -e "$MINE/$list" ]; then : >"$MINE/$list"; fi
  done
  if [ -e "$MINE/record" ]; then cp "$MINE/record" "$MINE/record.old"; else : >"$MINE/record.old"; fi
  cp "$DIR/texts/$record" "$MINE/record.new"
  sync "$MINE/record.new"
  mv -f "$MINE/record.new" "$MINE/record"
  printf 'claimed\n' >&4 2>/dev/null || :
}

as_owner() { MINE=$1; } # FOLDER
# Something of the resource is on the host, whatever becomes of it.
# shellcheck disable=SC2034 # for main.sh
taint() { TAINTED=yes; }
# What has to be told of a change once it is written: networkd, systemd, filter, guest, resolved.
mark_changed() { CHANGED="$CHANGED $* "; }
# One word, or all.
forget_changed() {
  if [ $# -eq 0 ]; then CHANGED=""; else CHANGED=$(printf %s "$CHANGED" | sed "s/ $1 / /g"); fi
}

find_former() { FORMER=$(former_of "$@"); } # KEY FORMER ADOPT RECORD
# Whose folder the resource goes on with, and all that it remembers: its own under the name of before, or, with adopt: true,
# that of whoever has the very same object now.
former_of() { # KEY FORMER ADOPT RECORD
  local object other
  if [ ! -d "$OWNERS/$1" ]; then
    if [ "$2" != - ] && [ -d "$OWNERS/$2" ]; then
      printf %s "$2"
      return
    fi
    if [ "$3" = yes ]; then
      object=$(grep "^object$TAB" "$DIR/texts/$4") || object=none
      for other in $(grep -lxF -e "$object" "$OWNERS"/*/record 2>/dev/null || :); do
        other=${other%/record}
        printf %s "${other##*/}"
        return
      done
    fi
  fi
  printf -
}

# Advice for somebody who renamed a resource, which for Pulumi is another one.
alias_of() { # OTHER OWNER
  local kind
  kind=$(printf %s "$OWNER" | cut -d / -f 1-3)
  case $1 in "$kind"/*) printf '; if it is this resource under the name that it had before, say so: aliases: [{ name: "%s" }]' "${1#"$kind"/}" ;; esac
}

# A removal finds nothing of its owner's. Taken over by somebody, it is theirs, which is said.
left_to_others() { # WHAT LINE LIST
  local list
  for list in $(grep -lxF -e "$2" "$OWNERS"/*/"$3" 2>/dev/null || :); do
    warn "$1 is left as it is: on the host it belongs to $(owner_in "${list%/*}")"
  done
}

stack_of() { printf %s/ "$(printf %s "$1" | cut -d / -f 1-2)"; } # OWNER
owner_in() { sed -n "s/^owner$TAB//p" "$1/record" 2>/dev/null | head -n 1; }
listed() { grep -qxF -e "$1" "$2" 2>/dev/null; }
unlist() { # LINE LIST
  grep -vxF -e "$1" "$2" >"$2.new" || :
  mv -f "$2.new" "$2"
}

# A list of another owner, before it is changed.
keep_other() {
  local folder copy
  folder=${1%/*}
  copy=$KEEP/others/${folder##*/}.${1##*/}
  if [ -n "$KEEP" ] && [ ! -e "$copy" ]; then
    cp -a "$1" "$copy"
    sync "$copy"
  fi
}

# A path becomes ours: it was, or nobody holds it and it is absent or equal, or it may be adopted.
claim_path() { # PATH EQUAL
  local list other
  if listed "$1" "$MINE/files"; then return 0; fi
  for list in $(grep -lxF -e "$1" "$OWNERS"/*/files 2>/dev/null || :); do
    other=$(owner_in "${list%/files}")
    if [ "$other" != "$(owner_in "$MINE")" ]; then
      if [ "$ADOPT" = no ]; then fail NSPAWN_OWNED "$1 belongs to $other; remove it there first, or set adopt: true to take it over$(alias_of "$other")"; fi
      keep_other "$list"
      unlist "$1" "$list"
    fi
  done
  if [ -e "$1" ] || [ -L "$1" ]; then
    if [ "$2" = no ] && [ "$ADOPT" = no ]; then
      fail NSPAWN_OWNED "$1 exists, differs and was not written by this library; move it away, or set adopt: true to replace it (it comes back when the resource is deleted)"
    fi
    mkdir -p "$MINE/was${1%/*}"
    cp -a "$1" "$MINE/was$1"
  fi
  printf '%s\n' "$1" >>"$MINE/files"
}

make_directory() {
  if [ -d "$1" ]; then return 0; fi
  make_directory "${1%/*}"
  mkdir -m 0755 "$1"
  printf '%s\n' "$1" >>"$MINE/made"
}

# Units that systemd cannot read would fail only at the next boot.
verify_units() {
  local units
  units=$(sed -n 's,^/etc/systemd/system/\([^/]*\.\(service\|path\|mount\|timer\)\)$,\1,p' "$MINE/files")
  if [ -z "$units" ] || [ ! -d /run/systemd/system ] || ! command -v systemd-analyze >/dev/null; then return 0; fi
  # shellcheck disable=SC2086 # words
  systemd-analyze verify --man=no --recursive-errors=no $units || fail NSPAWN_STEP_FAILED "systemd refuses a unit file: $(tail -n 4 "$DIR/log")"
}

# What a changed path asks for, done once by settle.
note_change() {
  case $1 in
    /etc/pulumi-nspawn/filter/*) mark_changed filter ;;
    # It is read at a start alone, and without it a start takes away rules and routes of others: what runs, runs on with it.
    /etc/systemd/networkd.conf.d/*) if [ -e "$1" ]; then mark_changed networkd-restart; fi ;;
    # The addresses that a bridge's filter knows are those of its routes.
    /etc/systemd/network/10-*.network.d/*) mark_changed networkd filter ;;
    /etc/systemd/network/*) mark_changed networkd ;;
    /etc/systemd/nspawn/*) mark_changed guest ;;
    # Takes effect while the machine runs.
    /etc/systemd/system/systemd-nspawn@*/61-pulumi-nspawn.conf) mark_changed systemd ;;
    /etc/systemd/system/systemd-nspawn@*) mark_changed systemd guest ;;
    /etc/systemd/system/*) mark_changed systemd ;;
  esac
}

step_file() {
  local path="$1" mode="$2" text="$3"
  local equal new
  equal=no
  if [ -f "$path" ] && [ ! -L "$path" ] && cmp -s "$DIR/texts/$text" "$path"; then equal=yes; fi
  claim_path "$path" "$equal"
  if [ "$equal" = yes ] && [ "$(stat -c 0%a:%u:%g "$path")" = "$mode:0:0" ]; then return 0; fi
  make_directory "${path%/*}"
  rm -f "${path%/*}"/.pulumi-nspawn.??????
  new=$(mktemp "${path%/*}/.pulumi-nspawn.XXXXXX")
  cat "$DIR/texts/$text" >"$new"
  chmod "$mode" "$new"
  chown 0:0 "$new"
  sync "$new"
  mv -fT "$new" "$path"
  if [ "$equal" = no ]; then note_change "$path"; fi
}

drop_path() {
  local said tree
  case $1 in
    /etc/systemd/network/10-vx-*.netdev | /etc/systemd/network/10-wg-*.netdev) drop_tunnel "$1" ;;
    /etc/pulumi-nspawn/health/*.sh) forget_health "$1" ;;
  esac
  case $1 in
    "$TREES"/*)
      tree=${1#"$TREES"/} tree=$TREES/${tree%%/*}
      # What stands there instead is the machine's own.
      if [ -d "$tree" ]; then said=$(tree_pl remove "$tree" "${1#"$tree"/}") || warn "$said"; fi
      unlist "$1" "$MINE/files"
      return
      ;;
  esac
  if [ -e "$MINE/was$1" ] || [ -L "$MINE/was$1" ]; then
    mkdir -p "${1%/*}"
    mv -fT "$MINE/was$1" "$1"
  else
    rm -f "$1"
  fi
  unlist "$1" "$MINE/files"
  note_change "$1"
  note_left "$1"
}

# What was known of a machine that nobody looks after any more.
forget_health() { # PATH
  local machine
  machine=${1##*/} machine=${machine%.sh}
  rm -f "/run/pulumi-nspawn-health/$machine" "/run/pulumi-nspawn-health/.$machine"
  rmdir /run/pulumi-nspawn-health 2>/dev/null || :
}

# A bridge that a machine is on no more: its filter is not among those that the program names, and knows the machine still.
note_left() { # PATH
  local left
  case $1 in
    /etc/pulumi-nspawn/filter/*.d/*) left=${1#/etc/pulumi-nspawn/filter/} left=${left%.d/*} ;;
    /etc/systemd/network/10-ve-*.network.d/*.conf) left=${1##*/} left=${left%.conf} ;;
    /etc/systemd/network/10-*.network.d/*) left=${1#/etc/systemd/network/10-} left=${left%.network.d/*} ;;
    *) return 0 ;;
  esac
  printf '%s\n' "$left" >>"$DIR/left"
}

# A machine's own cable without its file would be systemd's to configure, and translated. The machine starts without it. A
# macvlan goes with its bridge's wish for it.
unplug() { # PATH
  local cable
  case $1 in
    /etc/systemd/network/10-ve-*.network) ;;
    /etc/systemd/network/10-*.netdev)
      drop_wired "$1"
      return
      ;;
    *) return 0 ;;
  esac
  cable=${1#/etc/systemd/network/10-} cable=${cable%.network}
  if has_link "$cable"; then run systemctl stop "systemd-nspawn@$(head -n 1 "$MINE/machine").service"; fi
}

# What an earlier version of the resource brought and this one does not want: files, units, packages.
step_prune() {
  local path
  # A unit can be disabled only as long as its file is there.
  restore_units "$MINE/record"
  cp "$MINE/files" "$DIR/owned"
  while IFS= read -r path; do
    case $path in */"$ASLEEP_NAME") continue ;; esac
    if ! listed "file$TAB$path" "$MINE/record" && ! listed "secret$TAB$path" "$MINE/record"; then
      unplug "$path"
      drop_path "$path"
    fi
  done <"$DIR/owned"
  drop_directories /etc/
}

step_settle() {
  case $CHANGED in *" systemd "*) verify_units ;; esac
  case $CHANGED in *" systemd "* | *" guest "*) systemctl daemon-reload ;; esac
  if systemctl -q is-active systemd-networkd.service; then
    case $CHANGED in
      *" networkd-restart "*) systemctl restart systemd-networkd.service ;;
      *" networkd "*) networkctl reload ;;
    esac
  fi
}
