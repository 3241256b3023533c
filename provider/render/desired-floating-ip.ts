import type { FloatingIpArgs } from "../model/args";
import type { Desired } from "../model/desired";
import { proxyLine } from "../model/fact/proxy";
import { floatingProxyFile } from "../model/paths";
import { desired } from "./desired";
import { proxyList } from "./proxies";

/** What a FloatingIp wants of its host: to be answered for, and never to be configured. S1.12. */
export function desiredFloatingIp(args: FloatingIpArgs): Desired {
  return desired({
    files: { [floatingProxyFile(args.name)]: proxyList([args.address]) },
    live: { proxies: [proxyLine({ address: args.address })] },
  });
}
