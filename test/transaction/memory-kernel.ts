import type { Disk } from "./memory-disk";

interface Link {
  mtu: number;
  addresses: Set<string>;
}

/** Sizes with which this host cannot be reached any more: at all, or by nobody who comes anew. */
export const lethalMtu = { forAll: 1280, forNewcomers: 1281 };

/** What is lost with the power: links, addresses, proxy entries. networkd and the uplink script make them from files. */
export class MemoryKernel {
  links = new Map<string, Link>();
  proxies = new Set<string>();

  has(mtu: number): boolean {
    return [...this.links.values()].some((link) => link.mtu === mtu);
  }

  /** `networkctl reload`: adds what files say, removes no link. */
  reload({ files }: Disk): void {
    for (const [path, text] of files) {
      const name = /^\/etc\/systemd\/network\/10-(.+)\.netdev$/.exec(path)?.[1];
      if (name === undefined || !text.includes(`Name=${name}`)) continue;
      const network = files.get(path.replace(/netdev$/, "network")) ?? "";
      const addresses = [...network.matchAll(/^Address=(.*)$/gm)].map((match) => match[1] ?? "");
      const mtu = Number(/^MTUBytes=(\d+)$/m.exec(text)?.[1] ?? 1500);
      this.links.set(name, { mtu, addresses: new Set(addresses) });
    }
  }

  /** The uplink script. */
  answer({ files }: Disk): void {
    const listed = [...files].filter(([path]) => path.startsWith("/etc/pulumi-nspawn/proxies.d/"));
    const lines = listed.flatMap(([, text]) => text.split("\n"));
    this.proxies = new Set(lines.filter((line) => /^[0-9a-f]/.test(line)));
  }

  boot(disk: Disk): void {
    this.links.clear();
    this.reload(disk);
    this.answer(disk);
  }

  /** In a form that can be compared. */
  state(): string {
    const links = [...this.links].map(([name, { mtu, addresses }]) => [name, mtu, [...addresses].sort()]);
    return JSON.stringify(links.sort());
  }

  restore(state: string): void {
    const links = JSON.parse(state) as [string, number, string[]][];
    for (const [name, mtu, addresses] of links) this.links.set(name, { mtu, addresses: new Set(addresses) });
  }

  /** What `ip -j` says. */
  texts(): Record<string, string> {
    const links = [...this.links];
    const local = (address: string): { local?: string; prefixlen: number } => {
      const [ip, length] = address.split("/");
      return { local: ip, prefixlen: Number(length) };
    };
    return {
      link: JSON.stringify(
        links.map(([ifname, { mtu }]) => ({ ifname, mtu, flags: ["UP"], linkinfo: { info_kind: "bridge" } })),
      ),
      addr: JSON.stringify(links.map(([ifname, { addresses }]) => ({ ifname, addr_info: [...addresses].map(local) }))),
      route4: JSON.stringify([{ dst: "default", dev: "eth0" }]),
      proxy4: JSON.stringify([...this.proxies].map((dst) => ({ dst, dev: "eth0" }))),
    };
  }
}
