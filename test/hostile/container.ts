import { attempts } from "./attempt";

const exec = (...path: (string | number)[]): (string | number)[] => ["settings", "exec", ...path];
const source = ["settings", "files", "bind", 0, "source"];
const target = ["settings", "files", "bind", 0, "target"];
const rule = (name: string): (string | number)[] => ["firewall", 0, name];
const variable = (name: string): Parameters<typeof attempts>[0] => [
  "machine",
  exec("environment", name),
  "is not the name of a variable",
  ["x"],
];
const reserved = (name: string): Parameters<typeof attempts>[0] => [
  "machine",
  exec("environment", name),
  "is reserved: it would change how the machine itself is started",
  ["x"],
];

const notPlain = [
  "", "/", "relative", "~", "~/x", "/srv/../etc", "/srv/./x", "/srv//x", "/srv/a:b", "/srv/a b", "/srv/a\n[Exec]", "/srv/x\0", "/srv/%h", "/srv/x\\", "/srv/$(id)", "+/srv/x", "-/srv/x", "/srv/é", "/srv/x/",
]; // prettier-ignore

/** What a machine may do on its host: mounts, environment, capabilities, calls, limits, and its firewall. */
export const container = attempts(
  ["machine", source, "must be an absolute path of letters, digits and `_@+.-`", notPlain],
  ["machine", source, "it is outside of these folders", ["/etc", "/var/lib/machines/x", "/proc/1/root", "/run/systemd", "/root/.ssh", "/dev/sda", "/srv", "/srvx/y", "/usr/bin"]],
  ["machine", target, "must be an absolute path of letters, digits and `_@+.-`", notPlain.slice(1, 8)],
  ["machine", target, "the machine's own system is there", ["/etc", "/proc/x", "/sys", "/usr", "/var/lib", "/etc/systemd/system", "/run/x", "/root"]],
  ["machine", ["settings", "files", "temporaryFileSystem", 0], "must be an absolute path", ["/a:mode=777", "/a\nBind=/", "x"]],
  ["machine", ["settings", "files", "bind", 0, "map"], "the machine's root writes files of the host's root", ["idmap"]],
  ...["1A", "A=B", "A B", "A\n", "A\nB=1", "", "é", "A-B", "$A", "__proto__x y"].map(variable),
  ...["LD_PRELOAD", "LD_LIBRARY_PATH", "container", "container_uuid", "LISTEN_FDS", "NOTIFY_SOCKET", "SYSTEMD_SECCOMP"].map(reserved),
  ["machine", exec("environment", "LANG"), "must have only printable characters, without quotes and backslashes", [
    "x\n[Exec]\nPrivateUsers=no", "x\rCapability=all", "x\\", 'lone "', "it's", "x\0", "x\u2028", "\u001b[2J",
  ]],
  ["machine", exec("environment", "LANG"), "must have 1000 characters at most", ["x".repeat(1 << 20)]],
  ["machine", exec("capability", 0), "name each one that is needed", ["all"]],
  ["machine", exec("capability", 0), "must be the name of a capability", ["", "CAP_SYS_NICE CAP_SYS_ADMIN", "CAP_SYS_NICE\nCapability=all", "~CAP_SYS_ADMIN", "*", "cap_sys_nice"]],
  ["machine", exec("systemCallFilter", 0), "must be a system call or a group of systemd 252", ["", "*", "@keyring @mount", "@keyring\nSystemCallFilter=@mount", "~~reboot", "@nothing-like-it"]],
  ["machine", exec("limitNOFILE"), "must be an integer from 1024 to 1048576", [0, -1, 1.5, "1024", "infinity", Infinity, NaN]],
  ["machine", ["settings", "exec", "boot"], "is not an argument; ", [false]],
  ["machine", ["settings", "network"], "is not an argument; ", [{ Private: "no" }]],
  ["machine", ["limits", "tasksMax"], "must be an integer from 64 to 4194304", [0, -1, 1.5, "512", "10k", "infinity", Number.POSITIVE_INFINITY, NaN]],
  ["machine", ["limits", "memoryMax"], "must be an integer from 33554432", [0, 1024, "1G", 1e18]],
  ["machine", ["limits", "memoryHigh"], "must be an integer from 33554432", [0, 1024, "1G", 1e18]],
  ["machine", ["limits", "cpuQuota"], "must be an integer from 1 to 100000", [0, -1, "50%", 100001]],
  ["machine", ["limits", "cpuquota"], 'is not an argument; did you mean "cpuQuota"?', [50]],
  ["machine", rule("direction"), 'must be "in" or "out"', ["both", "", "in\n"]],
  ["machine", rule("protocol"), 'must be "tcp" or "udp"', ["sctp", "tcp; drop", "TCP", 6]],
  ["machine", rule("port"), 'must be a port, a range such as "80-85", or "any"', ["", "0", "65536", "85-80", "80,443", "80-", "-80", "http", "80 accept", "080", "80\n"]],
  ["machine", [...rule("sources"), 0], "must be a network in CIDR form", ["", "198.51.100.7", "0.0.0.0/33", "10.0.0.0/08", "any", "0.0.0.0/0, ::/0", "10.0.0.0/8 accept", "10.0.0.0/8\n", "@set"]],
  ["machine", [...rule("sources"), 0], "host bits are set, the network is 10.0.0.0/8", ["10.0.0.1/8"]],
  ["machine", rule("sources"), "must have 1 to 100 elements", [[]]],
  ["machine", rule("destinations"), 'has no effect with direction "in"', [["0.0.0.0/0"]]],
  ["protected bridge", "hostServices", "must be an integer from 1 to 65535", [[{ protocol: "tcp", port: 0 }], [{ protocol: "tcp", port: "22" }]], "hostServices[0].port"],
  ["protected bridge", "hostServices", 'must be "tcp" or "udp"', [[{ protocol: "icmp", port: 1 }], [{ protocol: "tcp\n", port: 1 }]], "hostServices[0].protocol"],
  ["protected bridge", "allowBetween", 'must be "all" or "none"', ["some", "all\n", ""]],
  ["protected bridge", "allowBetween", "must be a host name: ", [[["web\" drop"]], [["../web"]], [["*"]]], "allowBetween[0][0]"],
  ["protected bridge", "allowBetween", 'must be "all", "none", or a list of groups', [true, { web: "db" }, 7]],
); // prettier-ignore
