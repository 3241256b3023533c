import { obstacles } from "../../provider/observe/netfilter/obstacles";
import { underlayObstacles } from "../../provider/observe/netfilter/underlay";
import { trafficOfMachine } from "../../provider/observe/traffic-of";
import type { Machine } from "../stack/machines";
import type { Found } from "./found";
import { hop, type Hop } from "./hop";

/** What filters that are not ours do to the machine's traffic: Docker's, ufw's, firewalld's, a user's own. */
export function foreignFilterHop(machine: Machine, uplink: string, { facts }: Found): Hop {
  const { netfilter } = facts;
  const found = [
    ...trafficOfMachine(machine).flatMap((traffic) => obstacles({ ...traffic, uplink }, netfilter)),
    ...machine.networks.flatMap(({ tunnel }) =>
      (tunnel?.underlays ?? []).flatMap((underlay) => underlayObstacles(underlay, netfilter)),
    ),
  ];
  const advice = [...new Set(found.map((one) => one.advice))].join("; ");
  if (found.length > 0) return hop("others' filters", uplink, false, found.map(({ text }) => text).join("; "), advice);
  const { chains, unread } = netfilter;
  if (unread.length > 0)
    return hop("others' filters", uplink, null, `not read: ${unread.join("; ")}`, "see `nft list ruleset`");
  const seen = chains.length === 0 ? "there are none" : "none drops what is ours for certain";
  return hop("others' filters", uplink, true, seen, "");
}
