/** Time as the API sees it; tests bring their own. */
export interface Clock {
  now(): Date;
  /** Waits, in milliseconds. */
  sleep(ms: number): Promise<void>;
}
