import type { WireguardArgs } from "../args";
import { list } from "../read/list";
import { object, optional, required } from "../read/object";
import { integer } from "../read/scalar";
import { text } from "../read/text";

/** 32 bytes in Base64, as wg(8) writes them: the last character before the `=` has four bits. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** A public key of WireGuard. Nobody can tell it from a secret one; what is given here is published. */
export const wireguardKey = text({
  allowed: "be a public key of WireGuard, 44 characters of Base64, as `wg pubkey` prints it",
  test: (value) => KEY.test(value),
});

const why = "each host has a key of its own";

/** A mesh of hosts in which a tunnel's packets are. */
export const wireguard = object<WireguardArgs>({
  key: required(wireguardKey),
  peers: required(list(wireguardKey, { min: 1, max: 64, twice: "is listed", why })),
  port: optional(integer(1, 65535)),
});
