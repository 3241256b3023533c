import type { Client } from "ssh2";
import { breakOff } from "./watch";

interface Protocol {
  requestFailure(): void;
  _handlers: Record<string, (protocol: Protocol, name: string, wantsReply: boolean) => void>;
}

/** How often a host may offer keys for later. sshd does so once; to parse a packet full of them takes ssh2 50 ms. */
const mostOffers = 10;

/**
 * Refuses what a host asks of the connection itself, its keepalives included, for which this is an answer. ssh2 would have
 * the keys proved that a host offers for later, which nobody here reads, and a kind of key that it does not know would end
 * the connection.
 */
export function refuseGlobalRequests(client: Client): void {
  const { _protocol: protocol } = client as unknown as { _protocol: Protocol };
  let offers = 0;
  protocol._handlers.GLOBAL_REQUEST = (_protocol, name, wantsReply) => {
    if (wantsReply) protocol.requestFailure();
    if (name.startsWith("hostkeys") && (offers += 1) > mostOffers) breakOff(client, "it offers host keys without end");
  };
}
