import * as pulumi from "@pulumi/pulumi";
import { exportedHost, locationOf } from "./exported-host";
import type { CloudPlace, ExportedHost, Host } from "./host";
import { ownerOf } from "./owner";
import { derived } from "./refusals";

/**
 * Another stack's host, for machines, bridges and addresses of this one. Changes nothing on the host by itself; made by
 * {@link NspawnHost.reference}.
 */
export class HostReference implements Host {
  readonly ipv4: pulumi.Output<string | undefined>;
  readonly ipv6Network: pulumi.Output<string | undefined>;
  readonly uplink: pulumi.Output<string>;
  readonly hostKey: pulumi.Output<string | undefined>;
  readonly os: pulumi.Output<string>;
  readonly systemdVersion: pulumi.Output<string>;
  readonly wireguardKey: pulumi.Output<string | undefined>;
  readonly connection: pulumi.Output<object>;
  readonly credentials: pulumi.Output<object>;
  readonly cloud: CloudPlace;
  /** @internal */
  readonly ref: { id: string; instance: pulumi.Output<string> };
  /** @internal */
  lastCloudAction: pulumi.Resource | undefined;

  constructor(name: string, exported: pulumi.Input<ExportedHost>) {
    const who = `NspawnHost.reference "${name}"`;
    const host = derived(who, exported, (value) => exportedHost(name, value as ExportedHost | undefined));
    // All of it is secret because the login is; on its own nothing else of it has to be.
    const open = <T>(of: (host: ExportedHost) => T): pulumi.Output<T> => pulumi.unsecret<T>(host.apply<T>(of as never));
    this.ref = { id: ownerOf("host-reference", name), instance: open(({ instance }) => instance) };
    this.connection = open(({ connection }) => connection);
    this.credentials = pulumi.secret(host.apply(({ credentials }) => credentials));
    this.ipv4 = open(({ ipv4 }) => ipv4);
    this.ipv6Network = open(({ ipv6Network }) => ipv6Network);
    this.uplink = open(({ uplink }) => uplink);
    this.hostKey = open(({ hostKey }) => hostKey);
    this.wireguardKey = open(({ wireguardKey }) => wireguardKey);
    this.os = open(({ os }) => os);
    this.systemdVersion = open(({ systemdVersion }) => systemdVersion);
    const location = (): pulumi.Output<string> =>
      pulumi.unsecret(derived(who, host, (value) => locationOf(name, value as ExportedHost)));
    this.cloud = {
      serverId: this.ref.instance.apply(Number),
      // Asked for by floating addresses alone; a host without a server has none.
      get location() {
        return location();
      },
    };
  }
}
