import { attempts } from "./attempt";

const long = "x".repeat(100_000);

/** Names of machines, interfaces, hosts, users, time zones, and ids. */
export const names = attempts(
  ["machine", "name", "must be a host name: lower-case letters, digits, `-` and `.`, beginning with a letter", [
    "", ".", "..", ".host", "-rf", "--help", "a/b", "../etc", "a b", "a;id", "$(id)", "`id`", "a|id", "a&", "a>b", "~",
    "Web", "wéb", "а", "web.nspawn", "a@b", "%i", "*", "?", "[a]", "{a}", "web.raw", "web..org", "web.", "1web", "web\\", "'", '"', "web_1",
    " web", "web ", "#web", ";web", "!web", "ｗｅｂ", "web\u00ad", "web\u200b",
  ]],
  ["machine", "name", ", control character at 3)", [
    "web\nExecStart=x", "web\0", "web\r", "web\t", "web\u001b[2J", "web\u007f", "web\u0085", "web\u2028", "web\u202e", "web\ufeff", "web\ud800",
  ]],
  ["machine", "name", "must have 64 characters at most, not 100000", [long]],
  ["machine", "name", "must have 64 characters at most, not 65", ["x".repeat(65)]],
  ["machine", "name", "must be a text (got ", [7, true, ["web"], { toString: "web" }]],
  ["bridge", "bridge", "must be an interface name", [
    "", ".", "..", "br0:1", "br 0", "sixteen-bytes-br", "../../ipv4", "0br", "-br", "br.0", "br/0", "bré", "%i", "br0\n", "br0\0", "br*", "$(id)",
  ]],
  ["bridge", "bridge", "that name is reserved for another interface", [
    "eth0", "lo", "all", "default", "vb-web", "ve-web", "vz-web", "host0", "ens3", "enp1s0", "eno1", "enx001122334455", "wlan0",
    "wwan0", "mv-eth0", "sit0", "tunl0", "gre0", "ip6tnl0", "bonding_masters",
  ]],
  ["transparent bridge", "uplink", "is the uplink's own name (got br0)", ["br0"], "bridge"],
  ["transparent bridge", "uplink", "must be an interface name", ["", "eth 0", "eth0\nBridge=x", "../eth0", "-a", "eth0:1", "'; id'", "x".repeat(16)]],
  ["host", "uplink", "must be an interface name", ["", "eth 0", "eth0\n", "../../ipv4", "-a", "eth0:1", "'; id'", "$(id)", "`id`", "eth0'", "x".repeat(16)]],
  ["host", "uplink", "that name is reserved", ["lo", "all", "default", "vb-web", "ve-web", "bonding_masters"]],
  ["machine", "hostname", "must be a host name", [
    "", "-web", "web-", "web_1", "WEB", "a..b", ".web", "web.", "10.0.0.1", "a b", "web;id", "web\nlocalhost", "web\0", "wéb", "$(id)", `-${"a".repeat(63)}`,
  ]],
  ["machine", "hostname", "must have 64 characters at most, not 65", ["a".repeat(65)]],
  ["machine", "timezone", "must be a time zone such as Europe/Berlin", [
    "", "/etc/shadow", "../../etc/shadow", "Europe/../..", "Europe//Berlin", "Europe/Berlin\n", "a b", "-a", "a/b/c/d", "Europe/Berlin;id",
  ]],
  ["floating IPv4", "name", "must begin with a letter or digit", [
    "", ".", "..", "../x", ".hidden", "-x", "a b", "a/b", "a\n198.51.100.9", "a\0", "a*", "x;id", "é",
  ]],
  ["host", ["connection", "user"], "must be a login name: ^[A-Za-z_][A-Za-z0-9_.-]{0,31}$", [
    "", ".", "..", ".first", "first/last", "first\\last", "first,last", "first:last", "1st", "root;id", "-l", "-oProxyCommand=id", "a b", "Root", "$(id)", "root\n", "root@h", "a".repeat(33),
  ]],
  ["machine", ["host", "id"], "must not be empty and have no control characters", ["", "a\tb", "a\nb", "a\0", "a\u2029", "a\u202eb"]],
  ["machine", "owner", "must not be empty and have no control characters", ["", "a\nowner\tb", "a\tb", "\ud800"]],
  ["bridge", "ownUrn", "must have no control characters", ["a\nb", "a\u0007"]],
  ["machine", "owner", "must have 300 characters at most", ["x".repeat(301)]],
); // prettier-ignore
