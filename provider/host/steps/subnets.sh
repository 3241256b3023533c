# shellcheck shell=dash
# Subnets that are routed into machines: nobody else's, and ones that the router sends to the host.

# No address of somebody else is in one. All of them are told at once, and nothing has been changed by then.
step_vacant_subnets() { # TEXT, a subnet a line
  local subnets="$1"
  if ! command -v ip >/dev/null; then return 0; fi
  {
    ip -6 -o addr | awk -v OFS="$TAB" '{ sub("/.*", "", $4); print $4, "is an address of the host itself (" $2 ")" }'
    ip -6 route show default | sed -n "s/.* via \([^ ]*\).*/\1${TAB}is the gateway of the host/p"
    case ${LOGIN%% *} in *:*) printf '%s\tis where this login comes from\n' "${LOGIN%% *}" ;; esac
    ranges_of_others
  } | in_common "$DIR/texts/$subnets" >"$DIR/refused"
  if [ -s "$DIR/refused" ]; then
    fail NSPAWN_INVALID_INPUT "$(paste -sd, "$DIR/refused" | sed 's/,/, /g'); choose other subnets, and run up again"
  fi
}

# What machines of other stacks have, who do not know of this program; see refuse_taken.
ranges_of_others() {
  local key before record other
  key=$(from_steps claim key)
  find_former "$key" "$(from_steps claim former)" "$(from_steps claim adopt)" "$(from_steps claim record)"
  before=$(stack_of "$(owner_in "$OWNERS/$FORMER")")
  for record in "$OWNERS"/*/record; do
    other=$(owner_in "${record%/record}")
    case $other in "$(stack_of "$OWNER")"* | "$before"*) continue ;; esac
    sed -n "s/^\(address\|subnet\)$TAB\(.*\)/\2/p" "$record" 2>/dev/null | grep : | sed "s|\$|${TAB}belongs to $other|" || :
  done
}

# Of lines of an address or a network, and what it is: those that have something in common with a subnet.
in_common() { # FILE with the subnets
  perl -MSocket=inet_pton,AF_INET6 -e '
    sub bits { my ($first, $length) = split m,/,, $_[0]; my $packed = inet_pton(AF_INET6, $first) // return; substr unpack("B*", $packed), 0, $length // 128 }
    open(my $file, "<", shift) or exit 1;
    chomp(my @subnets = <$file>);
    while (<STDIN>) {
      chomp;
      my ($range, $what) = split /\t/;
      my $one = bits($range) // next;
      for my $subnet (@subnets) {
        my $other = bits($subnet);
        my $short = length $one < length $other ? length $one : length $other;
        print "$range in $subnet $what\n" if substr($one, 0, $short) eq substr($other, 0, $short);
      }
    }' "$1" | sort -u
}

# By whom the host reaches the internet: the interface that it answers on, and the router there.
uplink_and_router() {
  local uplink
  uplink=$(sed -n "s/^uplink='\([^']*\)'$/\1/p" /etc/pulumi-nspawn/uplink 2>/dev/null || :)
  ip -6 -o route show default ${uplink:+dev "$uplink"} |
    awk -v uplink="$uplink" '{ dev = uplink; for (i = 1; i < NF; i++) { if ($i == "via") via = $(i + 1); if ($i == "dev") dev = $(i + 1) } if (via != "") { print dev, via; exit } }'
}

has_neighbour_proxy() { [ -e /etc/systemd/system/pulumi-nspawn-ndppd.service ]; }

# Whether it has exactly what is listed, in the form in which texts/ndppd.sh writes it.
answers_for() {
  local configuration=/run/pulumi-nspawn/ndppd.conf
  if [ ! -e "$configuration" ]; then
    echo absent
    return 0
  fi
  {
    printf 'proxy %s {\n  router yes\n' "$(uplink_of_script)"
    sed -n 's,^\([0-9a-f:][0-9a-f:]*/[0-9][0-9]*\)$,  rule \1 {\n    static\n  },p' /etc/pulumi-nspawn/proxies.d/*.conf 2>/dev/null || :
    printf '}\n'
  } | cmp -s - "$configuration" && echo as listed || echo changed
}

# What the router does with an answer to somebody in a subnet: `asked`, `answered`, or nothing of both.
# The one packet that it needs goes to that router, and no further.
solicited() { # SUBNET
  local way
  way=$(uplink_and_router)
  if [ -z "$way" ]; then return 0; fi
  # shellcheck disable=SC2086 # words
  run perl -e "$PROBE_PL" solicit $way "$1" 3 || :
}

# A router that asks for each address would hear nobody.
step_delegated() { # TEXT, a subnet a line
  local subnets="$1"
  local subnet said
  if has_neighbour_proxy || ! command -v ip >/dev/null; then return 0; fi
  while IFS= read -r subnet; do
    say "looking whether the router sends $subnet to the host"
    said=$(solicited "$subnet")
    case $said in
      *answered*) ;;
      *asked*) fail NSPAWN_STRICT_UPLINK "the router asks on the uplink for each address of $subnet, and nobody would answer for so many; give the NspawnHost neighbourProxy: \"ndppd\", or let the provider route the network to the host's own address; nothing was changed" ;;
      *) warn "it cannot be seen whether the router sends $subnet to the host: it answers no ping. If nothing from outside reaches the machine there, give the NspawnHost neighbourProxy: \"ndppd\"" ;;
    esac
  done <"$DIR/texts/$subnets"
}

# With somebody who answers for them, the router's answers come.
step_answered_for() { # TEXT, a subnet a line
  local subnets="$1"
  local subnet said
  if [ "$FAILED" = soft ] || ! has_neighbour_proxy; then return 0; fi
  while IFS= read -r subnet; do
    said=$(solicited "$subnet")
    case $said in
      *answered*) ;;
      *asked*) warn "the router asks on the uplink for addresses of $subnet, and ndppd does not answer it: see journalctl -u pulumi-nspawn-ndppd on the host" ;;
    esac
  done <"$DIR/texts/$subnets"
}

# Who answers for subnets is about to go; a router that asks then reaches none of them. What this very up takes from its
# machine is still there, so it is no error.
step_still_answered() {
  local list subnet said
  if ! has_neighbour_proxy || ! command -v ip >/dev/null; then return 0; fi
  for list in /etc/pulumi-nspawn/proxies.d/machine-*.conf; do
    sed -n 's,^\([0-9a-f:][0-9a-f:]*/[0-9][0-9]*\)$,\1,p' "$list" 2>/dev/null | while IFS= read -r subnet; do
      said=$(solicited "$subnet")
      case $said in *asked*) printf '%s of %s\n' "$subnet" "$(basename "$list" .conf | sed 's/^machine-//')" ;; esac
    done || :
  done >"$DIR/unanswered"
  if [ -s "$DIR/unanswered" ]; then
    warn "the router asks on the uplink for each address of $(paste -sd, "$DIR/unanswered" | sed 's/,/, /g'), and from now on nobody answers: nothing from outside reaches them. Unless the machines lose these subnets as well, give the NspawnHost neighbourProxy: \"ndppd\" again"
  fi
}
