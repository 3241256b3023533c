# shellcheck shell=dash
# Downloads of images: over TLS, from a host that is looked up first, as far as the caller allows.

fetch() { # URL FILE BYTES
  local asked at hops answer
  tools curl ca-certificates
  asked=$1 at=$1 hops=0
  while [ "$hops" -le 5 ]; do
    hops=$((hops + 1))
    look_up "$at"
    say "fetching the image from $SERVER"
    # Nothing of the environment, no proxy, no settings; the answer is asked of the addresses that were looked at.
    answer=$(
      ulimit -f $(($3 / 512 + 1))
      env -i PATH="$PATH" curl -q -g -sS --proto =https --noproxy '*' --retry 2 --connect-timeout 30 --speed-limit 1000 --speed-time 60 \
        --max-time 1500 --max-filesize "$3" --resolve "$PIN" -o "$2" -w '%{http_code} %{redirect_url}' --url "$at"
    ) ||
      not_fetched "$?" "$3"
    case $answer in
      "200 "*) return 0 ;;
      30[12378]" "?*) at=${answer#* } ;;
      *) fail NSPAWN_MIRROR "$at answered with the HTTP status ${answer%% *}; check the URL" ;;
    esac
    rm -f "$2"
  done
  fail NSPAWN_MIRROR "$asked redirects more than 5 times"
}

not_fetched() { # STATUS BYTES
  case $1 in
    # Also where the size was not announced: the limit of the shell ends curl.
    63 | 153) fail NSPAWN_IMAGE "$at is over the limit of $(($2 / 1024)) KB" ;;
    23) if grep -q 'No space left' "$DIR/log"; then fail NSPAWN_DISK_FULL "the image does not fit"; fi ;;
  esac
  fail NSPAWN_MIRROR "$at could not be fetched: $(grep '^curl:' "$DIR/log" | tail -n 2); check the URL, and that the host reaches it"
}

# Sets SERVER and PIN (what curl has to take for its addresses) of a URL, which may be where a redirection leads.
look_up() {
  local place port addresses name address
  case $1 in https://*) ;; *) fail NSPAWN_MIRROR "$asked redirects to ${1%%:*}; only https is followed" ;; esac
  place=${1#https://}
  place=${place%%[/?#]*}
  if ! printf '%s\n' "$place" | grep -qE '^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?$'; then
    fail NSPAWN_MIRROR "a URL of an image has a host that is not taken (user names and passwords are refused): $(printf %s "$place" | sed 's/.*@/…@/' | head -c 80)"
  fi
  case $place in
    \[*\]) SERVER=$place port=443 ;;
    *:*) SERVER=${place%:*} port=${place##*:} ;;
    *) SERVER=$place port=443 ;;
  esac
  addresses=""
  name=${SERVER#[}
  for address in $(getent ahosts "${name%]}" | awk '{ print $1 }' | sort -u); do
    if ! may_reach "$address"; then
      fail NSPAWN_MIRROR "$SERVER of $1 leads to $address, which is no public address; allowPrivate: true is for an image server of your own"
    fi
    case $address in *:*) address=[$address] ;; esac
    addresses=$addresses${addresses:+,}$address
  done
  if [ -z "$addresses" ]; then fail NSPAWN_MIRROR "the host cannot resolve $SERVER; check the URL and the host's name resolution"; fi
  # An address in brackets is not looked up again.
  case $SERVER in \[*) PIN=unused.invalid:443:192.0.2.1 ;; *) PIN=$SERVER:$port:$addresses ;; esac
}

# Addresses as getent writes them. Link-local ones, the metadata service's among them, are never reached.
may_reach() {
  case $1 in 0.* | 169.254.* | 22[4-9].* | 23?.* | 24?.* | 25?.* | fe[89ab]?:* | ff??:* | ::) return 1 ;; esac
  if [ "$(source_of private)" = yes ]; then return 0; fi
  case $1 in
    10.* | 127.* | 192.168.* | 172.1[6-9].* | 172.2?.* | 172.3[01].*) return 1 ;;
    100.6[4-9].* | 100.[7-9]?.* | 100.1[01]?.* | 100.12[0-7].* | 192.0.0.* | 192.88.99.* | 198.1[89].*) return 1 ;;
    *.*.*.*) case $1 in *:*) return 1 ;; *) return 0 ;; esac ;;
    2001:0:* | 2001::* | 2001:1??:* | 2001:[1-9a-f]:* | 2001:[1-9a-f]?:* | 2002:*) return 1 ;;
    [23]???:*) return 0 ;;
    *) return 1 ;;
  esac
}
