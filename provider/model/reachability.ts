import { notOurs } from "../errors";
import type { MachineArgs } from "./args";
import { canonicalAddress, familyOf } from "./address";
import { printableLine } from "./read/printable";
import { UNKNOWN, isUnknown } from "./unknown";

const outcomes: Reachability["outcome"][] = ["reached", "unreachable", "isolated", "untried"];

/**
 * One way to a machine and back: of one network, by one family. The peer is nobody real: the host itself plays somebody outside,
 * whose packets come in by the uplink, and to whom the machine sends. Not one packet of it leaves the host.
 */
export interface Reachability {
  /** Interface of the machine, such as `host0`. */
  interface: string;
  /** Family of the addresses. */
  family: "ipv4" | "ipv6";
  /** The machine's own address, without prefix length. */
  address: string;
  /**
   * `reached`: packets of the peer arrive in the machine, and those of the machine leave the host. `unreachable`: one of the two
   * does not; a warning, or the error of `readyWhen`, names the hop. `isolated`: nobody outside is on that network.
   * `untried`: the host lacks nft(8) or tc(8), or has no way out of that family itself.
   */
  outcome: "reached" | "unreachable" | "isolated" | "untried";
  /**
   * Address of the peer: from where `up` logged in, or one of AS112 (RFC 7534), which nobody uses. With `vxlan` an unused one of
   * the network. Empty with `isolated`.
   */
  peer: string;
  /** Source address of the peer's packets, as they came into the machine; empty where none did, or none was sent. */
  sourceSeenByMachine: string;
  /** Source address that the peer sees: of the machine's packets, as they leave the host. Empty where none did. */
  sourceSeenByPeer: string;
  /** Whether something translated: the peer sees another address than the machine's, or the machine another one than the peer's. */
  natted: boolean;
  /** Links of the host that packets to the machine pass, the uplink first, and the machine's interface. */
  hops: string[];
}

/** A line of the step `probe`. @throws NSPAWN_REPORT where it is none */
export function parseReachability(line: string): Reachability {
  const [inside = "", ownText = "", said, peerText = "", arrived = "", left = "", ...hops] = line.split(" ");
  const outcome = outcomes.find((one) => one === said);
  const address = canonicalAddress(ownText);
  if (outcome === undefined || address === undefined || hops.length > 16)
    throw notOurs(`a line says of no way to a machine what was found: ${printableLine(line, 200)}`);
  const [peer, sourceSeenByMachine, sourceSeenByPeer] = [seen(peerText), seen(arrived), seen(left)];
  const natted = isOther(sourceSeenByMachine, peer) || isOther(sourceSeenByPeer, address);
  const family = familyOf(address);
  return { interface: inside, family, address, outcome, peer, sourceSeenByMachine, sourceSeenByPeer, natted, hops };
}

/** An address, or nothing for `-`. */
const seen = (text: string): string => canonicalAddress(text) ?? "";
const isOther = (source: string, own: string): boolean => source !== "" && source !== own;

/** Whether a program demands that the machine is reached. */
export const demandsReach = (readyWhen: MachineArgs["readyWhen"]): boolean =>
  typeof readyWhen === "object" && readyWhen.reachable !== undefined;

/** What the machine's service manager has to say; nothing where a start is enough. */
export function readyState(readyWhen: MachineArgs["readyWhen"]): "running" | undefined {
  if (isUnknown(readyWhen)) return UNKNOWN as "running";
  return readyWhen === "started" ? undefined : "running";
}
