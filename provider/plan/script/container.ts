/** What a machine's limits and mounts need of the host, and limits that were changed while it runs. */
export const container = String.raw`
step_controllers() { # NAMES OPTIONAL
  have=$(cat /sys/fs/cgroup/cgroup.controllers 2>/dev/null || :)
  lacking=""
  for controller in $1; do
    case " $have " in *" $controller "*) ;; *) lacking="$lacking $controller" ;; esac
  done
  if [ -z "$lacking" ]; then return 0; fi
  if [ "$2" = yes ]; then
    warn "the host's kernel has no controller for$lacking, so these limits hold nothing back"
    return 0
  fi
  fail NSPAWN_KERNEL_FEATURE "limits need the kernel's controllers $1 in /sys/fs/cgroup/cgroup.controllers, which has \"$have\"; boot with the unified hierarchy and without cgroup_disable=, or set limits.optional: true to go without"
}

# A link would mount something else than what was said, and a missing folder keeps the machine from starting.
step_mount_sources() { # TEXT, lines of SOURCE and MAP
  while IFS=$tab read -r path map; do
    if [ ! -e "$path" ]; then fail NSPAWN_INVALID_INPUT "settings.files: $path does not exist on the host; make it first"; fi
    really=$(realpath -e -- "$path")
    if [ "$really" != "$path" ]; then fail NSPAWN_INVALID_INPUT "settings.files: $path leads through a link to $really; name the place itself, which has to be an allowed one too"; fi
    if [ "$map" = rootidmap ] && [ "$(stat -c %u "$path")" = 0 ]; then
      fail NSPAWN_INVALID_INPUT "settings.files: $path belongs to the host's root, and with rootidmap the machine's root would write as that; give it to a user of its own (chown), or leave map out"
    fi
  done <"$dir/texts/$1"
}

# systemctl set-property changes a unit in memory. Of its files ours are read last, so they count again after a reload.
step_limits() { # UNIT NAMES
  found=no
  for control in /run /etc; do
    if [ -d "$control/systemd/system.control/$1.d" ]; then found=yes; fi
  done
  if [ "$found" = no ]; then return 0; fi
  for name in $2; do rm -f "/run/systemd/system.control/$1.d/50-$name.conf"; done
  rmdir "/run/systemd/system.control/$1.d" 2>/dev/null || :
  systemctl daemon-reload
}
`;
