#!/usr/bin/perl
# What sends and hears the packets of a probe, in perl(1), which Debian has everywhere. It has no quote that sh knows, and
# runs by `perl -e` in the network namespace that it is about.
#
# - `send LINK MAC SOURCE TARGET NUMBER KIND…`: a packet of each kind, as a router would hand it to that MAC address
# - `leave SOURCE TARGET NUMBER KIND`: a packet, as a program that has bound itself to that address would send it out
# - `hear SECONDS NUMBER KIND…`: each kind that has come in and from where, a line, until all have or the time is over
# - `solicit LINK GATEWAY SUBNET SECONDS`: what a router does to answer somebody in the subnet who pings it, a line each:
#   `asked` it asks on the link who has the address, `answered` its answer comes
# - `ask NAME SERVER…`: whether a server has an address of a name, a line for each: `SERVER ok`, `SERVER silent`
#
# A kind is `icmp` or `tcp:PORT`, `udp:PORT`; the number marks the packets of one probe: identifier or source port.
use strict; use warnings; use Errno; use Socket qw(:DEFAULT inet_pton AF_INET6);
my ($what, @words) = @ARGV;
$| = 1;
sub sum { my $sum = 0; $sum += $_ for unpack "n*", $_[0] . "\0" x (length($_[0]) % 2); $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16; ~$sum & 0xffff }
sub body {
  my ($kind, $number, $six, $from, $to) = @_;
  my ($name, $port) = split /:/, $kind;
  my %protocols = (icmp => $six ? 58 : 1, tcp => 6, udp => 17);
  my $protocol = $protocols{$name};
  my $at = $name eq "icmp" ? 2 : $name eq "tcp" ? 16 : 6;
  my $data = $name eq "icmp" ? pack("CCnnn", $six ? 128 : 8, 0, 0, $number, 1) . "pulumi-nspawn"
    : $name eq "tcp" ? pack("nnNNCCnnn", $number, $port, $number, 0, 0x50, 2, 64240, 0, 0)
    : pack("nnnn", $number, $port, 8, 0);
  my $pseudo = $name eq "icmp" && !$six ? "" : $from . $to . ($six ? pack("NN", length $data, $protocol) : pack("nn", $protocol, length $data));
  substr($data, $at, 2) = pack("n", sum($pseudo . $data));
  return ($protocol, $data);
}
sub packet {
  my ($kind, $number, $source, $target) = @_;
  my $six = $target =~ /:/;
  my ($from, $to) = map { inet_pton($six ? AF_INET6 : AF_INET, $_) // die "no address: $_\n" } $source, $target;
  my ($protocol, $data) = body($kind, $number, $six, $from, $to);
  return pack("NnCC", 0x60000000, length $data, $protocol, 64) . $from . $to . $data if $six;
  my $head = pack("CCnnnCCn", 0x45, 0, 20 + length $data, $number, 0, 64, $protocol, 0) . $from . $to;
  substr($head, 10, 2) = pack("n", sum($head));
  return $head . $data;
}
# AF_PACKET, SOCK_RAW, all protocols; struct sockaddr_ll.
sub raw { socket(my $socket, 17, SOCK_RAW, unpack("S", pack("n", 3))) or die "no socket: $!\n"; return $socket }
sub index_of { ioctl($_[0], 0x8933, my $request = pack("a16x24", $_[1])) or die "no link $_[1]: $!\n"; return unpack("x16i", $request) }
if ($what eq "send") {
  my ($link, $mac, $source, $target, $number, @kinds) = @words;
  my $socket = raw();
  my $index = index_of($socket, $link);
  for my $kind (@kinds) {
    my $frame = pack("H12H12n", $mac =~ s/://gr, "02706e000001", $target =~ /:/ ? 0x86dd : 0x0800) . packet($kind, $number, $source, $target);
    send($socket, $frame, 0, pack("SnlSCCa8", 17, 3, $index, 0, 0, 6, pack("H12", $mac =~ s/://gr))) or die "not sent: $!\n";
  }
} elsif ($what eq "leave") {
  my ($source, $target, $number, $kind) = @words;
  my $six = $target =~ /:/;
  # IPPROTO_RAW: the header comes from here, and the kernel looks for the way by the address that the socket is bound to.
  socket(my $socket, $six ? AF_INET6 : AF_INET, SOCK_RAW, 255) or die "no socket: $!\n";
  my ($from, $to) = map { $six ? Socket::pack_sockaddr_in6(0, inet_pton(AF_INET6, $_)) : pack_sockaddr_in(0, inet_pton(AF_INET, $_)) } $source, $target;
  bind($socket, $from) or die "not its address: $!\n";
  send($socket, packet($kind, $number, $source, $target), 0, $to) or die "not sent: $!\n";
} elsif ($what eq "solicit") {
  my ($link, $gateway, $subnet, $seconds) = @words;
  my ($first, $length) = split /\//, $subnet;
  my $bits = unpack("B*", inet_pton(AF_INET6, $first) // die "no subnet: $subnet\n");
  # Somebody new each time, whom the router does not know yet.
  substr($bits, $_, 1) = int rand 2 for $length .. 126;
  substr($bits, 127, 1) = 1;
  my $source = pack("B*", $bits);
  my $heard = raw();
  my $index = index_of($heard, $link);
  # SOL_PACKET, PACKET_ADD_MEMBERSHIP; struct packet_mreq with PACKET_MR_ALLMULTI, for as long as this runs.
  setsockopt($heard, 263, 1, pack("iSSa8", $index, 2, 0, "")) or die "no multicast: $!\n";
  # IPPROTO_RAW: the header of IPv6 comes from here.
  socket(my $sent, AF_INET6, SOCK_RAW, 255) or die "no socket: $!\n";
  my $number = 20000 + int rand 20000;
  my $packet = packet("icmp", $number, Socket::inet_ntop(AF_INET6, $source), $gateway);
  my $to = Socket::pack_sockaddr_in6(0, inet_pton(AF_INET6, $gateway), $index);
  my ($end, $next, %said) = (time + $seconds, 0);
  while (!$said{answered} && time < $end) {
    if (time >= $next) { send($sent, $packet, 0, $to) or die "not sent: $!\n"; $next = time + 1 }
    vec(my $ready = "", fileno($heard), 1) = 1;
    select($ready, undef, undef, 0.3) or next;
    my $from = recv($heard, my $frame, 2048, 0) // next;
    # What this host sends is seen here too.
    my ($on, $kind) = unpack("x4ix2C", $from);
    next if $on != $index || $kind == 4 || length $frame < 62;
    my ($type, $protocol, $message) = unpack("x12nx6Cx33C", $frame);
    next if $type != 0x86dd || $protocol != 58;
    my $word = $message == 135 && length $frame >= 78 && substr($frame, 62, 16) eq $source ? "asked"
      : $message == 129 && substr($frame, 38, 16) eq $source ? "answered" : next;
    print "$word\n" if !$said{$word}++;
  }
} elsif ($what eq "hear") {
  my ($seconds, $number, @kinds) = @words;
  my $socket = raw();
  print "ready\n";
  my %wanted = map { $_ => 1 } @kinds;
  my $end = time + $seconds;
  while (%wanted && time < $end) {
    vec(my $bits = "", fileno($socket), 1) = 1;
    select($bits, undef, undef, 0.5) or next;
    recv($socket, my $frame, 2048, 0) // next;
    my $type = length $frame > 14 ? unpack("x12n", $frame) : 0;
    my ($protocol, $at) = $type == 0x0800 ? (unpack("x23C", $frame), 34) : $type == 0x86dd ? (unpack("x20C", $frame), 54) : next;
    next if length $frame < $at + 8;
    my ($source, $port, $id) = unpack("nnn", substr $frame, $at);
    my $kind = $protocol == 6 && $source == $number ? "tcp:$port" : $protocol == 17 && $source == $number ? "udp:$port"
      : ($protocol == 1 && $source >> 8 == 8 || $protocol == 58 && $source >> 8 == 128) && $id == $number ? "icmp" : next;
    my $from = $type == 0x0800 ? Socket::inet_ntop(AF_INET, substr $frame, 26, 4) : Socket::inet_ntop(AF_INET6, substr $frame, 22, 16);
    print "$kind $from\n" if delete $wanted{$kind};
  }
} else {
  my ($name, @servers) = @words;
  for my $server (@servers) {
    my $six = $server =~ /:/;
    my $address = inet_pton($six ? AF_INET6 : AF_INET, $server) // next;
    my $said = "silent";
    for my $type (1, 28) {
      socket(my $socket, $six ? AF_INET6 : AF_INET, SOCK_DGRAM, 0) or next;
      connect($socket, $six ? Socket::pack_sockaddr_in6(53, $address) : pack_sockaddr_in(53, $address)) or do { $said = "unreachable"; next };
      my $id = int rand 65536;
      my $question = pack("nnnnnn", $id, 0x100, 1, 0, 0, 0) . join("", map { pack "C/a*", $_ } split /\./, $name) . "\0" . pack("nn", $type, 1);
      for (1, 2) {
        defined send($socket, $question, 0) or next;
        vec(my $bits = "", fileno($socket), 1) = 1;
        select($bits, undef, undef, 2) or next;
        recv($socket, my $answer, 4096, 0) // do { $said = "refused"; next };
        next if length $answer < 12;
        my ($as, $flags, undef, $answers) = unpack "nnnn", $answer;
        next if $as != $id;
        $said = ($flags & 15) == 0 ? ($answers ? "ok" : "empty") : "error " . ($flags & 15) if $said ne "ok";
        last;
      }
      last if $said eq "ok" || $said eq "silent" || $said eq "refused";
    }
    print "$server $said\n";
    last if $said eq "ok";
  }
}
