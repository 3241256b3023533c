/** One piece of the work of a bench. */
export interface Step {
  what: string;
  /** Seconds that it took where it was learnt (two cores): only for the estimate. */
  seconds: number;
  run: () => Promise<void>;
}
