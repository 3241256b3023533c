import type { VxlanArgs } from "../args";
import { list } from "../read/list";
import { object, optional, required } from "../read/object";
import { integer } from "../read/scalar";
import { address } from "./address";
import { wireguard } from "./wireguard";

/** The number of a segment: 24 bits, of which 0 is none. */
export const vxlanId = integer(1, 16_777_215);

const why = "each frame for all machines is sent once to each of them";

/** A bridge's tunnel to other hosts. */
export const vxlan = object<VxlanArgs>({
  id: required(vxlanId),
  local: required(address),
  peers: required(list(address, { min: 1, max: 64, twice: "is listed", why })),
  port: optional(integer(1, 65535)),
  wireguard: optional(wireguard),
});
