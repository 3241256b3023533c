import { IpRange } from "./ip-range";

/** The gateway of every server's public interface, never to be used in a network. */
export const ROUTER_IP = "172.31.1.1";
export const ROUTER = IpRange.number(ROUTER_IP);
