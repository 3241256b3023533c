import type { PortArgs } from "../args";
import { list } from "../read/list";
import { object, required } from "../read/object";
import { integer, oneOf } from "../read/scalar";

const port = object<PortArgs>({
  protocol: required(oneOf(["tcp", "udp"])),
  host: required(integer(1, 65535)),
  machine: required(integer(1, 65535)),
});

/** Ports of the host that lead to a machine. */
export const ports = list(port, { max: 64 });
