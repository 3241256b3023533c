import { spawnSync } from "node:child_process";
import { hostFile } from "../../provider/host/files";
import { hostLibrary } from "../../provider/host/program";
import { asRoot } from "../support/run-script";

jest.setTimeout(60_000);

/** wg(8) on links of any kind: what it is told stands in files. `SECRET…` is a key, and `PUBLIC-of-SECRET…` what it is to others. */
const wg = String.raw`
state() { echo "/run/wg/$1"; }
wg() {
  case $1 in
    genkey) echo "SECRET$(cat /proc/sys/kernel/random/uuid)"; return ;;
    pubkey) read -r secret || return 1; case $secret in SECRET*) echo "PUBLIC-of-$secret" ;; *) return 1 ;; esac; return ;;
    show)
      if [ "$2" = all ]; then
        case $3 in
          latest-handshakes) printf 'wg-5001\ttwo=\t%s\nwg-5001\tthree=\t0\nvpn0\tfour=\t17\n' "$(date +%s)" ;;
          allowed-ips) sed 's/^/wg-5001\t/' /run/wg/wg-5001/peers ;;
          *) printf 'wg-5001\t%s\nvpn0\tother\n' "$(wg show wg-5001 "$3")" ;;
        esac
        return
      fi
      [ -d "$(state "$2")" ] || return 1
      case $3 in
        peers) cut -f 1 "$(state "$2")/peers" ;;
        allowed-ips) cat "$(state "$2")/peers" ;;
        public-key) wg pubkey <"$(state "$2")/key" || echo "(none)" ;;
        *) cat "$(state "$2")/port" ;;
      esac
      return ;;
  esac
  echo "$*" >>/run/said
  at=$(state "$2"); shift 2
  while [ $# -gt 0 ]; do
    case $1 in
      listen-port) echo "$2" >"$at/port" ;;
      private-key) cp "$2" "$at/key" ;;
      peer) whom=$2 ;;
      endpoint) grep -v "^$whom " "$at/ends" >"$at/ends.new" || :; echo "$whom $2" >>"$at/ends.new"; mv "$at/ends.new" "$at/ends" ;;
      allowed-ips) grep -v "^$whom" "$at/peers" >"$at/new" || :; printf '%s\t%s\n' "$whom" "$2" >>"$at/new"; mv "$at/new" "$at/peers" ;;
      remove) grep -v "^$whom" "$at/peers" >"$at/new" || :; mv "$at/new" "$at/peers"; shift; continue ;;
    esac
    shift 2
  done
}
link_up() { ip link add wg-5001 type bridge; mkdir -p /run/wg/wg-5001; for f in port key peers ends; do : >/run/wg/wg-5001/$f; done; }
`;

/** A host with an uplink, and the files of a mesh; networkd is a shell function. */
const frame = String.raw`
set -eu
${hostLibrary()}
mount -t tmpfs tmpfs /run; mount -t sysfs sysfs /sys
mkdir -p /run/dir/texts /run/etc /run/nspawn /run/owner; mount --bind /run/etc /etc/systemd/network
mkdir -p /etc/pulumi-nspawn 2>/dev/null || :; mount --bind /run/nspawn /etc/pulumi-nspawn
DIR=/run/dir KEEP="" CHANGED="" FAILED="" MINE=/run/owner
for list in files made; do : >"$MINE/$list"; done
fail() { echo "$1: $2"; exit 1; }
say() { :; }
await() { shift; "$@"; }
${wg}
has_wireguard() { true; }
networkd() { link_up; wg set wg-5001 listen-port 51820 private-key "$WG_KEY"; ip addr add fd00::1/64 dev wg-5001 nodad; ip link set wg-5001 up; }
systemctl() { networkd; }
networkctl() { ip addr replace fd00::1/64 dev wg-5001 nodad; ip link set wg-5001 up; }
${hostFile("steps/network.sh")}
${hostFile("steps/tunnel.sh")}
${hostFile("steps/mesh.sh")}
${hostFile("facts/facts.sh")}
has_wireguard() { true; }
ip link set lo up
ip link add eth0 type veth peer name far; ip link set far up; ip link set eth0 up
ip addr add 203.0.113.5/32 dev eth0; ip addr add 2001:db8:1::1/64 dev eth0 nodad
ip route add default via 172.31.1.1 dev eth0 onlink; ip -6 route add default via fe80::1 dev eth0
cat >/etc/systemd/network/10-wg-5001.netdev <<'FILE'
[WireGuard]
PrivateKeyFile=/etc/pulumi-nspawn/wireguard.key
ListenPort=51820

[WireGuardPeer]
PublicKey=two=
AllowedIPs=fd00::2/128
Endpoint=203.0.113.9:51820

[WireGuardPeer]
PublicKey=three=
AllowedIPs=fd00::3/128
Endpoint=[2001:db8::3]:51820
FILE
key() { step_wireguard_key /etc/pulumi-nspawn/wireguard.key; }
peers() { printf '%s\n' "$@" >"$DIR/texts/peers"; }
peers 203.0.113.9
`;

function shell(text: string): string {
  const spaces = ["--net", "--mount", "--propagation", "private"];
  const run = spawnSync("unshare", [...spaces, "sh", "-c", `${frame}\n${text}`], { encoding: "utf8" });
  return run.status === 0 || run.stdout !== "" ? run.stdout.trim() : run.stderr;
}

asRoot("the key of a host (needs root: a mount namespace)", () => {
  const told = "stat -c '%a %U:%G' $WG_KEY; grep -c ^SECRET $WG_KEY; cat $MINE/files; ls -A /etc/pulumi-nspawn";
  const good = "640 root:systemd-network\n1\n/etc/pulumi-nspawn/wireguard.key\nwireguard.key";

  test.each([
    ["is made where there is none", ":"],
    ["is for the eyes of networkd again", "key; chmod 644 $WG_KEY; chown root:root $WG_KEY"],
    ["is made anew where it is none any more", "key; echo nonsense >$WG_KEY"],
    ["leaves nothing of a making that was cut off", "touch /etc/pulumi-nspawn/.pulumi-nspawn.abcdef"],
  ])("%s", (_, before) => expect(shell(`${before}\nkey\n${told}`)).toBe(good));

  it("stays what it is", () => {
    expect(shell("key; cp $WG_KEY /run/a; key; cmp /run/a $WG_KEY && echo same")).toBe("same");
  });

  it("is not taken from somebody whose it is not", () => {
    expect(shell("echo nonsense >$WG_KEY; key")).toMatch(/NSPAWN_OWNED: \/etc\/pulumi-nspawn\/wireguard\.key exists, differs/);
  }); // prettier-ignore

  it("is no word of a command", () => {
    expect(shell("key; networkd; settle_mesh wg-5001; cat /run/said")).not.toContain("SECRET");
  });
});

asRoot("what a host says of its WireGuard (needs root: a mount namespace)", () => {
  const told = "cd /run; facts_of_wireguard | sed 's/SECRET.*/…/; s/0$/N/; s/1$/N/'; ls | grep -c '^[0-9]' || :";
  it("is what everybody may know, of links that are ours, and whom it heard of", () => {
    expect(shell(`key; step_mesh wg-5001 fd00::1/64 51820 1440; ${told}`)).toBe(
      [
        ...["own\tPUBLIC-of-…", "public-key\twg-5001\tPUBLIC-of-…", "listen-port\twg-5001\t5182N"],
        ...["allowed-ips\twg-5001\ttwo=\tfd00::2/128", "allowed-ips\twg-5001\tthree=\tfd00::3/128"],
        ...["heard\twg-5001\ttwo=\tN", "0"],
      ].join("\n"),
    );
  });
});

asRoot("what WireGuard needs of the host (needs root: a network namespace)", () => {
  const args = "vx-5001 203.0.113.5 4789 MTU peers 51820";
  const asked = (before: string, mtu = 1370) =>
    shell(`key; ss() { :; }; ${before}\nstep_underlay ${args.replace("MTU", String(mtu))}; echo good`);

  it("is there", () => expect(asked(":")).toBe("good"));

  test.each([
    ["a kernel without it", "has_wireguard() { false; }; uname() { echo 6.1; }", /^NSPAWN_KERNEL_FEATURE: the host's kernel, 6\.1, has no WireGuard \(module wireguard\)/],
    ["no key", "rm $WG_KEY", /NSPAWN_INVALID_INPUT: the host has no key for WireGuard, .* wireguard: true/],
    ["a port that is somebody's", "ss() { echo udp; }", /NSPAWN_INVALID_INPUT: UDP port 51820 of the host is another program's/],
    ["another address on the way to a peer", "ip addr add 198.51.100.1/32 dev eth0; ip route replace default via 172.31.1.1 dev eth0 onlink src 198.51.100.1", /packets to the peer 203\.0\.113\.9 leave from 198\.51\.100\.1, not from 203\.0\.113\.5/],
  ])("is refused: %s", (_, before, message) => expect(asked(before)).toMatch(message));

  it("is refused: frames that do not fit", () => {
    expect(asked(":", 1371)).toMatch(/of which VXLAN in WireGuard takes 130: .* mtu: 1370$/);
  });

  it("is not refused a port that is its own", () => {
    expect(asked("networkd; ss() { echo udp; }")).toBe("good");
  });
}); // prettier-ignore

asRoot("WireGuard of a tunnel (needs root: a network namespace)", () => {
  const up = "step_mesh wg-5001 fd00::1/64 51820 1440";
  const told = `cat /sys/class/net/wg-5001/mtu; has_address wg-5001 fd00::1/64 && echo there; cat /run/wg/wg-5001/port; wg show wg-5001 public-key | sed 's/SECRET.*/…/'; sort /run/wg/wg-5001/peers; sort /run/wg/wg-5001/ends`;
  const good = [
    ...["1440", "there", "51820", "PUBLIC-of-…", "three=\tfd00::3/128", "two=\tfd00::2/128"],
    ...["three= [2001:db8::3]:51820", "two= 203.0.113.9:51820"],
  ].join("\n");

  test.each([
    ["is made where there is none", ":"],
    ["stays", up],
    ["listens where it has to", `${up}; wg set wg-5001 listen-port 7`],
    ["has the host's key again", `${up}; echo SECRETother >/run/other; wg set wg-5001 private-key /run/other`],
    ["knows all again", `${up}; wg set wg-5001 peer two= remove`],
    ["knows nobody else", `${up}; wg set wg-5001 peer stranger= allowed-ips ::/0`],
    ["takes nothing else of a peer", `${up}; wg set wg-5001 peer two= allowed-ips ::/0 endpoint 192.0.2.1:1`],
    ["has its address again", `${up}; ip addr flush dev wg-5001`],
    ["has its size", `${up}; ip link set wg-5001 mtu 1500`],
  ])("%s", (_, before) => expect(shell(`key; ${before}\n${up}\n${told}`)).toBe(good));

  test.each([
    ["where the kernel has none", "has_wireguard() { false; }", /^NSPAWN_KERNEL_FEATURE/],
    ["where networkd makes none all the same", ":", /^NSPAWN_STEP_FAILED: systemd-networkd did not make the link wg-5001/],
    ["where the link is another one", "ip link add wg-5001 type bridge", /^NSPAWN_STEP_FAILED: wg-5001 is no link of WireGuard/],
  ])("is refused %s", (_, before, message) => {
    expect(shell(`key; systemctl() { :; }; ${before}\n${up}`)).toMatch(message);
  }); // prettier-ignore

  it("goes with its file, and is the one of before after a rollback", () => {
    const gone = "drop_path /etc/systemd/network/10-wg-5001.netdev; has_link wg-5001 || echo gone";
    expect(shell(`key; ${up}; ${gone}`)).toBe("gone");
    expect(shell(`key; ${up}; wg set wg-5001 peer stranger= allowed-ips ::/0; undo_meshes; ${told}`)).toBe(good);
  });
});
