import { FaultHost, type Dialect, type LanImage } from "./host";
import { onInterrupt } from "./interrupt";
import { FaultLab } from "./lab";
import { Lane } from "./lane";

export interface LanesOptions {
  lab: string;
  lanes: number;
  /** How many of the lanes need a second host. */
  moving: number;
  /** One more lane for each of these images, with a host of the plain LAN. */
  lan: readonly LanImage[];
  /** Of all other hosts; absent: ifupdown by DHCP. */
  dialect?: Dialect;
  /** Called with what is being prepared. */
  progress: (text: string) => void;
}

/** Everything that a host needs from Debian is there before, so that no fault waits for packages. */
const packages = `
export DEBIAN_FRONTEND=noninteractive
servers=$(sed -n 's/^nameserver //p' /etc/resolv.conf)
apt-get -q update >/dev/null
apt-get -q -y --no-install-recommends install debootstrap systemd-container systemd-resolved nftables procps ndppd btrfs-progs >/dev/null
systemctl -q disable --now systemd-resolved.service
rm -f /etc/resolv.conf
for server in $servers; do echo "nameserver $server"; done >/etc/resolv.conf
systemctl -q disable --now machines.target`;

/** What nobody has read so far: networkd would cut the host off with it as soon as it runs. */
const sleeping = `
if ! systemctl -q is-enabled systemd-networkd.service; then
  printf '[Match]\\nName=eth0\\n\\n[Network]\\nAddress=192.168.77.10/24\\nGateway=192.168.77.1\\n' >/etc/systemd/network/20-eth0.network
fi`;

/** A host with its own disk, all packages, and nothing of ours. */
async function makeHost(
  lab: FaultLab,
  name: string,
  sshKey: number,
  lan?: LanImage,
  dialect?: Dialect,
): Promise<FaultHost> {
  const host = await FaultHost.order(lab, name, sshKey, lan, dialect);
  await host.sh(packages + sleeping);
  await host.power("poweroff");
  await host.disk.make();
  await host.disk.keep();
  await host.power("poweron");
  await host.booted();
  return host;
}

/** Gives work a lab of its own with so many lanes, and removes it in the end. */
export async function withLanes<T>(options: LanesOptions, work: (lanes: Lane[]) => Promise<T>): Promise<T> {
  const lab = new FaultLab(options.lab);
  const forget = onInterrupt(() => lab.down());
  try {
    options.progress("making the lab");
    await lab.up();
    return await work(await makeLanes(lab, options));
  } finally {
    forget();
    await lab.down();
  }
}

async function makeLanes(lab: FaultLab, { lanes, moving, lan, dialect, progress }: LanesOptions): Promise<Lane[]> {
  const public_key = (await lab.sh("operator", 'cat "$NSPAWN_LAB_SSH_KEY.pub"')).trim();
  const { ssh_key } = await lab.api<{ ssh_key: { id: number } }>("POST", "/ssh_keys", { name: "faults", public_key });
  progress(`making ${lanes + moving + lan.length} hosts`);
  const make = (name: string, images: readonly (LanImage | undefined)[]): Promise<FaultHost[]> =>
    Promise.all(images.map((image, index) => makeHost(lab, `${name}${index + 1}`, ssh_key.id, image, dialect)));
  const usual = (count: number): undefined[] => Array<undefined>(count).fill(undefined);
  const [hosts, others, onLan] = await Promise.all([
    make("host", usual(lanes)),
    make("other", usual(moving)),
    make("lan", lan),
  ]);
  const atHetzner = hosts.map((host, index) => new Lane(lab, [host, ...others.slice(index, index + 1)]));
  return [...atHetzner, ...onLan.map((host) => new Lane(lab, [host]))];
}
