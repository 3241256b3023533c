import type { LimitsArgs } from "../container-args";
import { object, optional } from "../read/object";
import { flag, integer } from "../read/scalar";

const weight = integer(1, 10_000);
const memory = integer(33_554_432, 1_125_899_906_842_624, "with less than 32 MiB systemd does not start its services");

/** `limits`: systemd.resource-control(5). A guest does not boot with less memory or fewer tasks than the smallest here. */
export const limits = object<LimitsArgs>({
  cpuQuota: optional(integer(1, 100_000)),
  cpuWeight: optional(weight),
  memoryMax: optional(memory),
  memoryHigh: optional(memory),
  tasksMax: optional(integer(64, 4_194_304, "with fewer than 64 tasks systemd does not start its services")),
  ioWeight: optional(weight),
  diskQuota: optional(
    integer(
      67_108_864,
      1_125_899_906_842_624,
      "with less than 64 MiB beside its image a machine cannot keep its journal",
    ),
  ),
  optional: optional(flag),
});
