import { attempts } from "./attempt";

const sysctl = (name: string): string[] => ["sysctls", name];

/** Kernel settings, packages, users, numbers, flags and words. */
export const settings = attempts(
  ["host", sysctl("net.ipv4.ip_forward"), "is the library's own and stays 1", ["0"]],
  ["host", sysctl("net.ipv4.conf.all.forwarding"), "is the library's own and stays 1", ["0"]],
  ["host", sysctl("net.ipv6.conf.all.proxy_ndp"), "is the library's own and stays 1", ["0"]],
  ["host", sysctl("net.ipv6.conf.eth0.proxy_ndp"), "is the library's own and stays 1", ["0"]],
  ["host", sysctl("net.ipv4.conf.all.proxy_arp"), "addresses are answered for one by one", ["1"]],
  ["host", sysctl("net.ipv4.conf.eth0.proxy_arp_pvlan"), "addresses are answered for one by one", ["1"]],
  ["host", sysctl("net.ipv4.conf.*.rp_filter"), "must name one setting, without wildcards", ["0"]],
  ...["net", "x", "../../etc/x", "net/ipv4/ip_forward", "net..x", "-net.core.x", "net.x\nkernel.y", "net.x=1", "net.x y", "__proto__", "constructor", "#net.x", ";net.x"].map(
    (name): Parameters<typeof attempts>[0] => ["host", sysctl(name), "is not the name of a kernel setting", ["1"]],
  ),
  ["host", sysctl("net.core.somaxconn"), "must have only printable characters, and no spaces around it", [
    "", " ", " 1", "1 ", "1\nnet.ipv4.ip_forward=0", "1\0", "1\r", "é", "1\u2028",
  ]],
  ["host", sysctl("net.core.somaxconn"), "must be a text (got ", [1024, true, null, ["1"], {}]],
  ["host", sysctl("net.core.somaxconn"), "must have 256 characters at most", ["1".repeat(1 << 20)]],
  ["host", ["packages", 0], "must be a Debian package name without version or architecture", [
    "", "a", "a;id", "-o=x", "--help", "Nginx", "nginx=1.22", "nginx:amd64", "nginx/bookworm", "a,b", "a b", "a\nb", "./x.deb", "/x.deb", "*", "openssh-server-", "nginx^", "ngin?", "nginx$(id)", "é",
  ]],
  ["machine", ["image", "packages", 0], "must be a Debian package name without version or architecture", ["nginx;id", "-o=x", "a,b", "systemd-", "a\tb", "nginx\0"]],
  ["host", "packages", "must have 0 to 500 elements (got 501)", [Array.from({ length: 501 }, (_, index) => `p${index}`)]],
  ["machine", "privateUsers", 'must be "pick", "identity", "no", or the first user id of a range', [
    "", "yes", "pick\n[Exec]", "pick ", "0", "1000", "-65536", "65537", "4294967296", "65536:1", "65536:65537", "0x10000", "1e9", "524288\0",
  ]],
  ["host", ["connection", "port"], "must be an integer from 1 to 65535 (got ", [0, -1, 65536, 22.5, NaN, Infinity, -Infinity, "22", "10k", true, [22], {}]],
  ["host", ["connection", "perDialTimeout"], "must be an integer from 1 to 600", [0, -1, 601, 1.5, "10"]],
  ["host", ["connection", "dialErrorLimit"], "must be an integer from 0 to 1000", [-1, 1001, 0.5, "1"]],
  ["host", ["connection", "confirmWithin"], "must be an integer from 30 to 600", [0, 29, 601, Infinity]],
  ["bridge", "mtu", "must be an integer from 576 to 65535", [0, -1, 68, 575, 65536, 1500.5, "1500", Infinity, NaN]],
  ["bridge", "mtu", "must be at least 1280 on a bridge with IPv6 (got 1279)", [1279]],
  ["machine", "stateVersion", "must be an integer from 1 to 1", [0, 2, "1", 1.5]],
  ["machine", "startAtBoot", "must be true or false (got ", ["true", 1, [], {}, "yes"]],
  ["host", "adopt", "must be true or false (got ", ["no", 0]],
  ["machine", "onDelete", 'must be "trash" or "delete" or "keep"', ["purge", "", "TRASH", "trash\n", true]],
  ["machine", "restart", 'must be "no" or "on-failure" or "always"', ["On-Failure", "", "always\nExecStart=/x", true, 1, {}]],
  ["machine", "restartDelay", 'has no effect with restart: "no"', [5]],
  ["machine", "restartDelay", "must be an integer from 1 to 3600", [0, -1, 3601, 1.5, "5", "5s\nUser=x"]],
  ["machine", "startAfter", "must have 1 to 16 elements", [[], Array.from({ length: 17 }, (_, index) => `m${index}`)]],
  ["machine", "startAfter", "must be a host name", [["a b"], ["$(id)"], ["x\nExecStart=/x"], ["../db"], ["%i"]], "startAfter[0]"],
  ["machine", "startAfter", "is listed twice, first at [0]", [["db", "db"]], "startAfter[1]"],
  ["machine", "startAfter", "is this machine itself", [["db", "web"]], "startAfter[1]"],
  ["machine", "startAfter", "must be a list", ["db", { db: true }]],
  ["machine", "readyWhen", 'must be "started" or "running"', ["http", "running\n[Service]", 1, [], {}]],
  ["machine", "readyWhen", "must be an integer from 1 to 65535", [{ tcp: 0 }, { tcp: 65536 }, { tcp: "80 -" }, { tcp: 1.5 }], "readyWhen.tcp"],
  ["machine", "readyWhen", "must be an object", [{ http: "/" }, { http: 80 }, { http: ["/"] }], "readyWhen.http"],
  ["machine", "readyWhen", "must be a path from `/`", ["a", "/ ", "/a\r\nHost: x", "/\u{1b}[2J", "/ä"].map((path) => ({ http: { port: 80, path } })), "readyWhen.http.path"],
  ["machine", "readyWhen", "is not an argument; ", [{ reachable: true, "x\n": 1 }], "readyWhen[\"x?\"]"],
  ["bridge", "mode", 'must be "isolated" or "nat" or "routed" or "transparent"', ["magic", "Routed", "", "__proto__", "toString", ["routed"]]],
  ["bridge", "isolation", "must be ", ["magic", true, "constructor"]],
  ["bridge", "allowForeignMacs", 'means something in mode "transparent" only', [true]],
  ["transparent bridge", "atHetzner", "Hetzner locks servers that do", [true], "mode"],
); // prettier-ignore
