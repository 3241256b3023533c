#!/usr/bin/perl
# `PORT PATH SECONDS ADDRESS…`: who takes a connection, and with a path (else `-`) answers for it by HTTP with a status below
# 400; a line for each address up to the first that does: `ADDRESS answers`, `ADDRESS refuses`, `ADDRESS says 503`. Each has
# these seconds. It has no quote that sh knows, and runs by `perl -e` in the network namespace that it is about.
use strict; use warnings; use Errno; use Socket qw(:DEFAULT inet_pton AF_INET6);
my ($port, $path, $seconds, @addresses) = @ARGV;
$| = 1;
for my $server (@addresses) {
  my $six = $server =~ /:/;
  my $address = inet_pton($six ? AF_INET6 : AF_INET, $server) // next;
  my $said = "is silent";
  # What never ends is ended, whoever is to blame.
  local $SIG{ALRM} = sub { die "late\n" };
  eval {
    alarm $seconds;
    socket(my $socket, $six ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or die "no socket: $!\n";
    if (!connect($socket, $six ? Socket::pack_sockaddr_in6($port, $address) : pack_sockaddr_in($port, $address))) { $said = $!{ECONNREFUSED} ? "refuses" : "is not reached" }
    elsif ($path eq "-") { $said = "answers" }
    else {
      my $host = $six ? "[$server]" : $server;
      syswrite($socket, "GET $path HTTP/1.0\r\nHost: $host:$port\r\nUser-Agent: pulumi-nspawn\r\nConnection: close\r\n\r\n");
      my $answer = "";
      while (length $answer < 4096 && $answer !~ /\n/) { sysread($socket, $answer, 4096, length $answer) or last }
      $said = $answer !~ m{^HTTP/1\.[01] ([0-9]{3})\b} ? "speaks no HTTP" : $1 < 400 ? "answers" : "says $1";
    }
    alarm 0;
  };
  alarm 0;
  print "$server $said\n";
  last if $said eq "answers";
}
