import { hostLibrary } from "../../provider/host/program";
import { hostFile } from "../../provider/host/files";
import { spawnSync } from "node:child_process";
import { asRoot } from "../support/run-script";

const resolvers = hostFile("steps/resolvers.sh");

jest.setTimeout(60_000);

/** The library; /etc and /run are this test's own. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /srv; mkdir -p /srv/etc/network/interfaces.d; cp -a /etc/alternatives /srv/etc; mount --bind /srv/etc /etc; mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /var/lib
DIR=/run/dir TAB="$(printf '\t')" CHANGED="" FRESH=yes OWNERS=/run/owners MINE=/run/owners/host ADOPT=no KEEP="" ROOT=/run/tree NAME_BEFORE="" PATH=$PATH:/usr/sbin
mkdir -p "$DIR/texts" "$MINE" /run/systemd/resolve; : >"$MINE/files"; : >"$MINE/made"
await() { shift; "$@"; }
warn() { echo "warning: $1"; }
fail() { echo "$1: $2"; exit 1; }
systemctl() { :; }
in_tree() { shift 3; cat "$1"; }
${resolvers}
resolved_on_bus() { :; }
resolves() { [ "$1" = "${"$"}{answers:-}" ]; }
stub() { printf 'nameserver 127.0.0.53\noptions edns0 trust-ad\n' >/run/systemd/resolve/stub-resolv.conf; printf '%s\n' "$@" >/run/systemd/resolve/resolv.conf; }
# What the package does when it is installed.
install() { mv /etc/resolv.conf /etc/.resolv.conf.bak; ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf; }
said() { readlink /etc/resolv.conf || cat /etc/resolv.conf; echo --; cat /etc/systemd/resolved.conf.d/* 2>/dev/null || :; }
`;

const shell = (text: string): string => {
  const { stdout, stderr } = spawnSync(
    "unshare",
    ["--mount", "--net", "--propagation", "private", "sh", "-c", `${frame}\n${text}`],
    { encoding: "utf8" },
  );
  return stdout + stderr;
};

const taken = (resolvConf: string): string =>
  shell(
    `printf '${resolvConf}' >/etc/resolv.conf; step_keep_names; stub "nameserver 192.0.2.53"; install; step_stub_resolver; said`,
  );
const header = "# Written by pulumi-nspawn from the resolv.conf that was here before.\n[Resolve]\n";
const link = "../run/systemd/resolve/stub-resolv.conf\n--\n";

asRoot("names on the host while resolved takes over", () => {
  it.each([
    ["servers elsewhere", "nameserver 192.0.2.53\\n", `${link}${header}DNS=192.0.2.53 \n`],
    [
      "a search list, and servers of both families",
      "search a.example b.example\\nnameserver 192.0.2.53\\nnameserver 2001:db8::53\\n",
      `${link}${header}DNS=192.0.2.53 2001:db8::53 \nDomains=a.example b.example\n`,
    ],
    [
      "options",
      "domain a.example\\nnameserver 192.0.2.53\\noptions timeout:1 rotate\\n",
      `# Written by pulumi-nspawn: systemd-resolved answers, with the options that were here before.\nnameserver 127.0.0.53\noptions edns0 trust-ad timeout:1 rotate\nsearch a.example\n--\n${header}DNS=192.0.2.53 \nDomains=a.example\n`,
    ],
    [
      "a server on the host itself, which keeps its port and its place",
      "nameserver 127.0.0.1\\noptions ndots:2\\nsearch a.example\\n",
      `nameserver 127.0.0.1\noptions ndots:2\nsearch a.example\n--\n${header}DNS=127.0.0.1 \nDomains=a.example\nDNSStubListener=no\n`,
    ],
    [
      "such a server by IPv6, before one elsewhere",
      "nameserver ::1\\nnameserver 192.0.2.53\\n",
      `nameserver ::1\nnameserver 192.0.2.53\n--\n${header}DNS=::1 192.0.2.53 \nDNSStubListener=no\n`,
    ],
    ["nothing", "# nothing\\n", link],
  ])("keeps %s", (_name, resolvConf, expected) => expect(taken(resolvConf)).toBe(expected));

  it("keeps them the second time, and after somebody has put a link there", () => {
    const before =
      "printf 'nameserver 127.0.0.1\\n' >/etc/resolv.conf; step_keep_names; stub x; install; step_stub_resolver";
    const wanted = `nameserver 127.0.0.1\n--\n${header}DNS=127.0.0.1 \nDNSStubListener=no\n`;
    expect(shell(`${before}; step_keep_names; step_stub_resolver; said`)).toBe(wanted);
    const linked = "ln -sfn ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf";
    expect(shell(`${before}; ${linked}; step_keep_names; step_stub_resolver; said`)).toBe(wanted);
  });

  it("warns when a name that resolved does not any more", () => {
    const change =
      "printf 'nameserver 192.0.2.53\\n' >/etc/resolv.conf; step_keep_names; stub 'nameserver 192.0.2.9'; answers=$now; step_stub_resolver";
    const names =
      "mkdir -p /etc/apt; echo 'deb http://deb.example.org/debian x main' >/etc/apt/sources.list; answers=deb.example.org";
    expect(shell(`${names}; now=deb.example.org; ${change}`)).toBe("");
    expect(shell(`${names}; now=; ${change}`)).toBe(
      "warning: the host resolved deb.example.org before this change, and does not now: /etc/resolv.conf has 127.0.0.53 , systemd-resolved asks 192.0.2.9 ; see resolvectl status, or set resolved: false\n",
    );
    // It did not before either.
    expect(shell(`${names}; now=; answers=; ${change}`)).toBe("");
  });
});

asRoot("the resolvers of a new machine", () => {
  const guest = (families: string, text: string): string => shell(`${text}; step_guest_resolver web ${families}`);
  const both =
    "printf 'search a.example\\nnameserver 192.0.2.53\\nnameserver 2001:db8::53\\noptions rotate\\n' >/etc/resolv.conf";
  const four = "printf 'nameserver 192.0.2.53\\n' >/etc/resolv.conf";
  const interfaces =
    "printf 'iface eth0 inet6 static\\n  dns-nameservers 2001:db8::a 192.0.2.54 2001:db8::b\\n' >/etc/network/interfaces.d/50";

  it.each([
    ["both families", "46", both, "nameserver 192.0.2.53\nnameserver 2001:db8::53\nsearch a.example\noptions rotate\n"],
    ["IPv4 alone", "4", both, "nameserver 192.0.2.53\nsearch a.example\noptions rotate\n"],
    ["IPv6 alone", "6", both, "nameserver 2001:db8::53\nsearch a.example\noptions rotate\n"],
    [
      "IPv6 alone, of which the interfaces file knows",
      "6",
      `${four}; ${interfaces}`,
      "nameserver 2001:db8::a\nnameserver 2001:db8::b\n",
    ],
    [
      "IPv6 alone, by a lease of networkd",
      "6",
      `${four}; mkdir -p /run/systemd/netif/links; echo 'DNS=192.0.2.53 2001:db8::c fe80::1' >/run/systemd/netif/links/2`,
      "nameserver 2001:db8::c\n",
    ],
    [
      "IPv4, where the host asks itself, by a lease of dhclient",
      "4",
      `printf 'nameserver 127.0.0.1\\n' >/etc/resolv.conf; mkdir -p /var/lib/dhcp; echo '  option domain-name-servers 192.0.2.1,192.0.2.2;' >/var/lib/dhcp/dhclient.eth0.leases`,
      "nameserver 192.0.2.1\nnameserver 192.0.2.2\n",
    ],
    [
      "resolved's stub on the host",
      "46",
      "stub 'nameserver 192.0.2.7' 'search .'; cp /run/systemd/resolve/stub-resolv.conf /etc/resolv.conf; echo 'search b.example' >>/etc/resolv.conf",
      "nameserver 192.0.2.7\nsearch b.example\n",
    ],
    [
      "the host's own addresses last",
      "4",
      "ip addr add 192.0.2.60/24 dev lo; printf 'nameserver 192.0.2.60\\nnameserver 192.0.2.61\\n' >/etc/resolv.conf",
      "nameserver 192.0.2.61\nnameserver 192.0.2.60\n",
    ],
  ])("are those that it reaches: %s", (_name, families, text, expected) =>
    expect(guest(families, text)).toBe(expected),
  );

  it("are none, and that is said", () => {
    expect(guest("6", four)).toBe(
      "warning: web has no name server: the host has none that a machine can reach by IPv6 (it has 192.0.2.53 ); give the machine its servers by dns\n",
    );
    expect(guest("46", "printf 'nameserver 127.0.0.1\\nnameserver fe80::1%%eth0\\n' >/etc/resolv.conf")).toMatch(
      /^warning: web has no name server: .*\(it has 127\.0\.0\.1 fe80::1%eth0 \); give the machine its servers by dns\n$/,
    );
  });

  it("stay what the machine has made of them", () => {
    expect(shell(`${four}; FRESH=no; step_guest_resolver web 4`)).toBe("");
  });
});
