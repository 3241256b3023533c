import type { MachineArgs } from "../model/args";
import {
  guestAuthorizedKeys,
  guestHostname,
  guestHosts,
  guestResolvConf,
  guestSysctl,
  guestTimezone,
} from "../model/paths";
import { pluggedNetworks } from "../model/plugged";
import { isUnknown } from "../model/unknown";
import { forwardingFile } from "./guest-subnets";
import { header } from "./header";
import { items } from "./items";

/** Files in the guest's tree beside its network. An argument that is not given leaves the image's own file alone. */
export function guestFiles(args: MachineArgs): Record<string, string | undefined> {
  const { name, hostname, dns, timezone, authorizedKeys } = args;
  const keys = items(authorizedKeys);
  return {
    [guestSysctl(name)]: forwardingFile(pluggedNetworks(args)),
    [guestHostname(name)]: `${hostname}\n`,
    [guestHosts(name)]: hosts(hostname),
    [guestResolvConf(name)]:
      dns &&
      header +
        items(dns)
          .map((address) => `nameserver ${address}\n`)
          .join(""),
    [guestTimezone(name)]: timezone && `${timezone}\n`,
    [guestAuthorizedKeys(name)]: keys.length === 0 ? undefined : keys.map((key) => `${key}\n`).join(""),
  };
}

function hosts(hostname: string): string {
  const short = isUnknown(hostname) ? hostname : hostname.split(".")[0]!;
  const names = short === hostname ? hostname : `${hostname} ${short}`;
  return `127.0.0.1 localhost\n127.0.1.1 ${names}\n::1 localhost ip6-localhost ip6-loopback\n`;
}
