/** Told how far the work is. `fraction` is of the whole work, 0 to 1; `secondsLeft` is an estimate. */
export interface Reporter {
  step(now: { what: string; fraction: number; secondsLeft: number }): void;
  /** Something to be known that is not progress, such as a site that is given up. */
  note(text: string): void;
  done(): void;
}
