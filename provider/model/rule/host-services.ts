import type { HostServiceArgs } from "../args";
import { list } from "../read/list";
import { object, required } from "../read/object";
import { integer, oneOf } from "../read/scalar";

/** What machines may reach on their host. */
export const hostServices = list(
  object<HostServiceArgs>({ protocol: required(oneOf(["tcp", "udp"])), port: required(integer(1, 65535)) }),
);
