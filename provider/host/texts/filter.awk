function group(text) { return substr("0000" text, length(text) + 1) }
function number(address,   halves, left, right, before, after, text, at) {
  split(address, halves, "::")
  before = split(halves[1], left, ":")
  after = split(halves[2], right, ":")
  for (at = 1; at <= before; at++) text = text group(left[at])
  for (at = before + after; at < 8; at++) text = text "0000"
  for (at = 1; at <= after; at++) text = text group(right[at])
  return "0x" text
}
function add(table, set, value) { said = said "add element " table " @TABLE@ " set " { " value " }\n" }
FNR == 1 {
  ours = $0 == "# by pulumi-nspawn"
  port = FILENAME
  gsub(/^.*\/|\.conf$/, "", port) #bridge
  port = "\"vb-" port "\"" #bridge
  gsub(/^.*\/10-|\.network\.d\/.*$/, "", port) #veth
  port = "\"" port "\"" #veth
  said = ""
}
!ours { next }
$1 == "Destination" && $2 ~ /:.*\// && $2 !~ /\/128$/ { #subnets
  add("@FAMILY@", "subnets", port " . " $2) #subnets
  add("inet", "ownsubnets", $2) #subnets
  next #subnets
} #subnets
$1 == "Destination" || $1 == "Address" {
  sub(/\/.*$/, "", $2)
  family = $2 ~ /:/ ? 6 : 4
  add("@FAMILY@", "source" family, port " . " $2)
  if (family == 6) add("@FAMILY@", "target6", port " . " number($2))
  if ($1 == "Destination") add("inet", "own" family, $2)
  if (family == 4) add("arp", "source4", port " . " $2) #veth
}
$1 == "LinkLayerAddress" {
  add("@FAMILY@", "members", port)
  add("@FAMILY@", "ports", port " . " $2)
  add("arp", "members", port) #veth
  add("arp", "ports", port " . " $2) #veth
  gsub(/:/, "", $2)
  add("@FAMILY@", "option6", port " . 0x" $2)
  printf "%s", said
}
