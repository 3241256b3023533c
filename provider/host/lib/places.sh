# shellcheck shell=dash
# Where things are on the host, for all other files.
# shellcheck disable=SC2034 # read by them
LIBRARY=/var/lib/pulumi-nspawn OWNERS=/var/lib/pulumi-nspawn/owners TREES=/var/lib/machines
# shellcheck disable=SC2034 # the same
TAB=$(printf '\t')
