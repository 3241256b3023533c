/** What `systemctl show` calls the properties of systemd.resource-control(5) that a machine's limits are. */
export const limitProperties = [
  "CPUQuotaPerSecUSec",
  "CPUWeight",
  "IOWeight",
  "MemoryHigh",
  "MemoryMax",
  "TasksMax",
] as const;

/** The controllers of the kernel that enforce them. */
export const controllers: Record<string, string> = {
  CPUQuota: "cpu",
  CPUWeight: "cpu",
  IOWeight: "io",
  MemoryHigh: "memory",
  MemoryMax: "memory",
  TasksMax: "pids",
};
