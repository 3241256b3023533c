import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NetworkMember, NetworkSpec } from "../backend";
import { asset } from "../core/places";
import { run } from "../core/run";
import {
  gatewayOf,
  memberBatch,
  memberFilter,
  privateDhcpConfig,
  privateLinks,
  privateSpace,
} from "../network/private";
import { linkName } from "../network/uplink";
import type { PrivatePlace, ServerFiles } from "./server-files";

/** What the networks need of their servers. */
interface Servers {
  files: ServerFiles;
  /** The first process of a server that runs; waits for that of one that starts. */
  leader(id: number): Promise<number | undefined>;
  /** Called after a lease's file was removed. */
  forgetLeases(): void;
}

/** The private networks: a router each, in a namespace of its own, and a cable from it to each server. */
export class PrivateNetworks {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly lab: string,
    private readonly servers: Servers,
  ) {}

  /** Makes again the routers of all networks; cables are plugged in when servers boot. */
  async resume(): Promise<void> {
    const folder = join(this.lab, "networks");
    if (existsSync(folder)) for (const id of readdirSync(folder)) await this.router(Number(id));
  }

  /** One after the other: what two servers join at once is one network. */
  set(network: NetworkSpec): Promise<void> {
    return this.inTurn(() => this.make(network));
  }

  drop(id: number): Promise<void> {
    return this.inTurn(async () => {
      if (!existsSync(this.dir(id))) return;
      for (const server of this.serversOf(id)) await this.leave(id, server);
      rmSync(join(this.dir(id), "dhcp.conf"));
      await run(["sh", "-c", 'ip netns pids "$1" | xargs -r kill; ip netns delete "$1"', "drop", privateSpace(id)]);
      rmSync(this.dir(id), { recursive: true, force: true });
    });
  }

  private async make(network: NetworkSpec): Promise<void> {
    const dir = this.dir(network.id);
    mkdirSync(join(dir, "hosts"), { recursive: true });
    writeFileSync(join(dir, "dhcp.conf"), privateDhcpConfig(network, join(dir, "hosts"), join(dir, "leases")));
    await this.router(network.id);
    const members = network.members.filter(({ server }) => existsSync(this.servers.files.path(server, "server.json")));
    const stays = (id: number, mac: string) => members.some((one) => one.server === id && one.macAddress === mac);
    for (const server of this.serversOf(network.id))
      if (!stays(server, this.place(network.id, server)?.macAddress ?? "")) await this.leave(network.id, server);
    for (const member of members) await this.join(network, member);
  }

  private async join(network: NetworkSpec, member: NetworkMember): Promise<void> {
    const { server, macAddress, ip, aliasIps, subnet } = member;
    const [dir, link] = [this.dir(network.id), linkName(server)];
    writeFileSync(join(dir, `${link}.ip`), memberBatch(network, member));
    writeFileSync(join(dir, `${link}.nft`), memberFilter(network, member));
    this.lease(join(dir, "hosts", link), `${macAddress},${ip}\n`);
    const others = this.places(server).filter(({ networkId }) => networkId !== network.id);
    const free = privateLinks.find((name) => !others.some((place) => place.link === name));
    const place: PrivatePlace = {
      ...{ networkId: network.id, networkName: network.name, network: network.ipRange, subnet, ip, aliasIps },
      ...{ macAddress, gateway: gatewayOf(network.ipRange) },
      link: this.place(network.id, server)?.link ?? free ?? "ens10",
    };
    this.setPlaces(server, [...others, place]);
    const leader = await this.servers.leader(server);
    if (leader === undefined) return;
    const lock = this.servers.files.path(server, "cable.lock");
    const cable = ["bash", asset("private-cable.sh"), dir, privateSpace(network.id), link];
    await run(["flock", lock, ...cable, String(leader), place.link, macAddress]);
  }

  /** dnsmasq reads what is written, and takes the same once more for a second host. */
  private lease(path: string, text: string): void {
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }

  private async leave(network: number, server: number): Promise<void> {
    const [dir, link] = [this.dir(network), linkName(server)];
    const inRouter = ["nsenter", `--net=/run/netns/${privateSpace(network)}`];
    await run([...inRouter, "ip", "link", "delete", link]).catch(() => undefined);
    await run([...inRouter, "nft", "delete", "table", "netdev", link]).catch(() => undefined);
    for (const file of [`${link}.ip`, `${link}.nft`, join("hosts", link)]) rmSync(join(dir, file), { force: true });
    this.servers.forgetLeases();
    if (!existsSync(this.servers.files.path(server, "server.json"))) return;
    this.setPlaces(
      server,
      this.places(server).filter(({ networkId }) => networkId !== network),
    );
  }

  /** In the order in which a server joined. */
  private setPlaces(server: number, places: PrivatePlace[]): void {
    const { files } = this.servers;
    files.setRecord({ ...files.record(server), privateNetworks: places });
    const lines = places.map(
      ({ networkId, link, macAddress }) => `${this.dir(networkId)} ${privateSpace(networkId)} ${link} ${macAddress}\n`,
    );
    files.write(server, "private", lines.join(""));
  }

  private places(server: number): PrivatePlace[] {
    return this.servers.files.record(server).privateNetworks ?? [];
  }

  private place(network: number, server: number): PrivatePlace | undefined {
    if (!existsSync(this.servers.files.path(server, "server.json"))) return undefined;
    return this.places(server).find(({ networkId }) => networkId === network);
  }

  private serversOf(network: number): number[] {
    return readdirSync(join(this.dir(network), "hosts")).map((name) => Number(name.replace("srv", "")));
  }

  private async router(id: number): Promise<void> {
    await run(["bash", asset("private-network.sh"), this.dir(id), privateSpace(id)]);
  }

  private dir(id: number): string {
    return join(this.lab, "networks", String(id));
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }
}
