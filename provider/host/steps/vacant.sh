# shellcheck shell=dash
# Addresses of machines are nobody's yet: neither the host's own nor needed by the host to be reached.

# What is wrong with them is told of all at once, and nothing has been changed by then.
step_vacant() { # TEXT, an address a line
  local addresses="$1"
  local address
  if ! command -v ip >/dev/null; then return 0; fi
  refuse_taken "$DIR/texts/$addresses"
  recorded_addresses >"$DIR/recorded"
  grep -vxF -f "$DIR/recorded" "$DIR/texts/$addresses" >"$DIR/new-addresses" || :
  {
    ip -o addr | held_addresses "$DIR/new-addresses"
    while IFS= read -r address; do needed_address "$address"; done <"$DIR/texts/$addresses"
    while IFS= read -r address; do local_address "$address"; done <"$DIR/new-addresses"
  } | awk -F "$TAB" '!seen[$1]++ { printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }' >"$DIR/refused"
  if [ -s "$DIR/refused" ]; then
    fail NSPAWN_INVALID_INPUT "$(cat "$DIR/refused"); choose other addresses, or take them off the host and out of what configures it there, and run up again"
  fi
}

# A machine of another stack has it. Of one stack the program itself knows, and addresses may change places in it; what it was
# called before, the rest of it may still be called.
refuse_taken() { # FILE with the addresses
  local key stack before record other
  if ! grep -qs "^machine$TAB" "$DIR/texts/$(from_steps claim record)"; then return 0; fi
  key=$(from_steps claim key)
  find_former "$key" "$(from_steps claim former)" "$(from_steps claim adopt)" "$(from_steps claim record)"
  stack=$(stack_of "$OWNER") before=$(stack_of "$(owner_in "$OWNERS/$FORMER")")
  for record in "$OWNERS"/*/record; do
    case $record in "$OWNERS/$key/record" | "$OWNERS/$FORMER/record") continue ;; esac
    other=$(owner_in "${record%/record}")
    case $other in "$stack"* | "$before"*) continue ;; esac
    if ! grep -qs "^machine$TAB" "$record"; then continue; fi
    sed -n "s/^address$TAB//p" "$record" | grep -xF -f "$1" | sed "s|\$| belongs to $other|" || :
  done >"$DIR/taken"
  if [ ! -s "$DIR/taken" ]; then return 0; fi
  fail NSPAWN_OWNED "$(paste -sd, "$DIR/taken" | sed 's/,/, /g'); choose other addresses, or take them from that machine first"
}

# By our own records: what a program of ours gave to a machine before, somebody has put on the host since, and
# free_addresses takes it away. A version before wrote files alone.
recorded_addresses() {
  local path
  echo -
  sed -n "s/^address$TAB//p" "$OWNERS"/*/record 2>/dev/null || :
  cat "$OWNERS"/*/files 2>/dev/null | grep -E '^/etc/(systemd/network/[^/]*\.network\.d|pulumi-nspawn/proxies\.d)/' | while IFS= read -r path; do
    sed -n -e 's,/[0-9]*$,,' -e 's/^Destination=//p' -e '/^[0-9a-f.:][0-9a-f.:]*$/p' "$path" 2>/dev/null || :
  done
}

# Of the lines of ip -o addr: each address, whatever its length, the other end of a link, and of each network its first
# and last one. RFC 3021 and RFC 6164: a network of two has neither; RFC 4291 2.6.1: the first one is its routers'.
held_addresses() { # FILE with the addresses
  perl -MSocket=inet_pton,AF_INET,AF_INET6 -e '
    sub bits { my $packed = inet_pton($_[0] =~ /:/ ? AF_INET6 : AF_INET, $_[0]); defined $packed ? unpack("B*", $packed) : "" }
    open(my $file, "<", shift) or exit 1;
    my %wanted;
    while (<$file>) { chomp; $wanted{bits($_)} = $_ }
    sub is { my ($bits, $what) = @_; print "$wanted{$bits}\t$what\n" if exists $wanted{$bits} }
    while (<STDIN>) {
      my ($link, $own, $length, $peer, $of_peer) = m,^\d+:\s+(\S+)\s+inet6?\s+([0-9a-f.:]+)(?:/(\d+))?(?:\s+peer\s+([0-9a-f.:]+)(?:/(\d+))?)?, or next;
      my $bits = bits(defined $peer ? $peer : $own);
      my $all = length $bits;
      $length = defined $of_peer ? $of_peer : defined $length ? $length : $all;
      my $where = "$own/$length on $link";
      is(bits($own), "is an address of the host itself ($where)");
      is($bits, "is the other end of a link of the host ($where)") if defined $peer;
      is(bits($1), "is the broadcast address of a network of the host ($where)") if /\sbrd\s+([0-9.]+)/;
      next if $length > $all - 2;
      my $network = substr($bits, 0, $length);
      is($network . "0" x ($all - $length), "is the address of a network of the host ($where)");
      is($network . "1" x ($all - $length), "is the broadcast address of a network of the host ($where)") if $all == 32;
    }' "$1"
}

# A route to a machine must not lead away what the host itself or this very login needs.
needed_address() { # ADDRESS
  local family
  if [ "$1" = "${LOGIN%% *}" ]; then printf '%s\tis where this login comes from, which a route to a machine would cut off\n' "$1"; fi
  case $1 in *:*) family=-6 ;; *) family=-4 ;; esac
  if ip "$family" route show default | grep -qF -e " via $1 "; then printf '%s\tis the gateway of the host\n' "$1"; fi
}

# What the kernel takes for the host without an address on a link: a local route of a whole network (AnyIP), a broadcast.
local_address() { # ADDRESS
  local kind
  kind=$(ip -o route get "$1" 2>/dev/null | awk 'NR == 1 { print $1 }') || :
  case $kind in
    local) printf '%s\tis taken by the host itself (ip route show table local)\n' "$1" ;;
    broadcast | anycast | multicast) printf '%s\tis a %s address of the host (ip route show table local)\n' "$1" "$kind" ;;
  esac
}

# The first network of the host, on another link, that has some of this one. Numbers of addresses, cut to the shorter of both
# lengths, are compared.
meeting() { # NETWORK LINK
  {
    ip -4 -o addr show | awk '{ print $2, $4 }'
    case ${LOGIN%% *} in "" | *:*) ;; *) echo "login ${LOGIN%% *}" ;; esac
    ip -4 route show table main | awk '$1 ~ /^[0-9]/ { for (i = 2; i < NF; i++) if ($i == "dev") print $(i + 1), $1 }'
  } | awk -v own="$1" -v link="$2" '
    function number(text, part) { split(text, part, "[./]"); return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4] }
    function length_of(text) { return sub(/.*\//, "", text) ? text : 32 }
    function meets(a, b, short) { short = 2 ^ (32 - (length_of(a) < length_of(b) ? length_of(a) : length_of(b))); return int(number(a) / short) == int(number(b) / short) }
    $1 != link && meets($2, own) { print $2 ($1 == "login" ? ", from where this login comes" : " of " $1 " on the host"); exit }'
}
# A network of a bridge's own that the host has elsewhere would lead there no more.
step_apart() {
  local network="$1" link="$2"
  local met
  met=$(meeting "$network" "$link")
  if [ -z "$met" ]; then return 0; fi
  fail NSPAWN_INVALID_INPUT "the bridge's network $network overlaps with $met; give it another one: ipv4: { network: \"…\" }, or take that away where it is somebody's mistake"
}
