/** What the checks of a machine say, as the host keeps it in /run until its next boot. */
export interface FoundHealth {
  state: "starting" | "healthy" | "failing" | "unhealthy" | "restarting";
  /** When that began, in seconds since 1970. */
  since: number;
  /** In a row, the last check's among them. */
  failures: number;
  /** How many make it unhealthy. */
  retries: number;
  /** How often it was restarted for that since the host has booted. */
  restarts: number;
  /** When it last was, in seconds since 1970; 0: never. */
  restarted: number;
  /** When the last check ended, in seconds since 1970. */
  checked: number;
  /** What the last check found; empty where all was well. A machine may have a say in it. */
  why: string;
}

/** A machine at one moment. */
export interface Life {
  /** Of its unit on the host, systemd(1): `active`, `inactive`, `failed`, `activating`, `deactivating`. */
  unit: string;
  /** Seconds since it has been started; only while it runs. */
  uptime?: number;
  /** Bytes; only while it runs, and where the kernel counts them. */
  memory?: number;
  /** Bytes of its tree, where the host's file system counts them by itself. */
  disk?: number;
  /** Of a machine that runs, and is looked after. */
  health?: FoundHealth;
}
