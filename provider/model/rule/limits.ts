import type { LimitsArgs } from "../container-args";
import { object, optional } from "../read/object";
import { flag, integer } from "../read/scalar";

const weight = integer(1, 10_000);

/** `limits`: systemd.resource-control(5). A guest does not boot with less memory or fewer tasks than the smallest here. */
export const limits = object<LimitsArgs>({
  cpuQuota: optional(integer(1, 100_000)),
  cpuWeight: optional(weight),
  memoryMax: optional(integer(33_554_432, 1_125_899_906_842_624)),
  tasksMax: optional(integer(64, 4_194_304)),
  ioWeight: optional(weight),
  optional: optional(flag),
});
