import type { Lab } from "../support/harness";

/**
 * The kernel of the machine that the lab runs on may have no WireGuard, and then networkd cannot make a link of it. In its place this
 * service of the lab's own makes one by Debian's wireguard-go, which is a program, from the very file that networkd would make it from,
 * and when networkd would: as it starts, and as it reads a new file. All else is networkd's and the library's. networkd passes over the
 * file by a condition, because it would not touch a link that it did not make of it; what it has read before, networkd 252 forgets
 * only when it starts.
 */
const script = `#!/bin/sh
configuration() { # FILE
  sed -n -e 's/^\\[WireGuardPeer\\]/[Peer]/p' -e 's/^\\[WireGuard\\]/[Interface]/p' -e '/^\\(PublicKey\\|AllowedIPs\\|Endpoint\\|ListenPort\\)=/p' "$1"
}
mkdir -p /run/lab-wireguard
umask 077
while :; do
  run=$(systemctl show systemd-networkd.service -p InvocationID --value)
  for file in /etc/systemd/network/10-wg-*.netdev; do
    if [ ! -e "$file" ]; then continue; fi
    name=\${file##*/10-} name=\${name%.netdev}
    mark="$run $(cksum <"$file")"
    if [ "$mark" = "$(cat "/run/lab-wireguard/$name" 2>/dev/null)" ]; then continue; fi
    if [ ! -e "/sys/class/net/$name" ]; then
      # The size last: wireguard-go goes on in a process of its own, which sets 1420 before it takes a configuration.
      wireguard-go "$name" && configuration "$file" >/run/lab-wireguard/configuration && wg setconf "$name" /run/lab-wireguard/configuration &&
        wg set "$name" private-key "$(sed -n 's/^PrivateKeyFile=//p' "$file")" && ip link set dev "$name" mtu "$(sed -n 's/^MTUBytes=//p' "$file")"
    fi
    printf '%s\n' "$mark" >"/run/lab-wireguard/$name"
  done
  sleep 0.5
done
`;

const service = `[Unit]
Description=WireGuard in the place of the kernel's (lab)
[Service]
ExecStart=/usr/local/sbin/lab-wireguard
[Install]
WantedBy=multi-user.target
`;

/** @param id number of the network whose link it makes */
export async function standIn(lab: Lab, host: string, id: number): Promise<void> {
  const put = async (path: string, text: string, mode: string): Promise<void> => {
    const write = 'mkdir -p "${1%/*}" && cat >"$1" && chmod "$2" "$1"';
    const { code, output } = await lab.exec(host, ["sh", "-c", write, "put", path, mode], text);
    if (code !== 0) throw new Error(output);
  };
  await put("/usr/local/sbin/lab-wireguard", script, "0755");
  await put("/etc/systemd/system/lab-wireguard.service", service, "0644");
  await put(`/usr/lib/systemd/network/10-wg-${id}.netdev.d/lab.conf`, "[Match]\nVirtualization=vm\n", "0644");
  await lab.sh(
    host,
    "systemctl daemon-reload; systemctl enable --now lab-wireguard.service; systemctl restart systemd-networkd",
  );
}
