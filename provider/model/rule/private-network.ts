import type { PrivateNetworkArgs } from "../args";
import { object, optional, required } from "../read/object";
import { flag } from "../read/scalar";
import { text } from "../read/text";
import { ipv4, network4 } from "./address";

/** Of a network card: unicast, in the form in which the kernel shows it. */
export const macAddress = text({
  allowed: "be a MAC address such as 86:00:00:2a:3b:4c",
  test: (value) => /^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/.test(value),
});

/** A server's place in a private network. */
export const privateNetwork = object<PrivateNetworkArgs>({
  macAddress: required(macAddress),
  address: required(ipv4),
  network: optional(network4),
  only: optional(flag),
});
