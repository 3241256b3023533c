/** Where long work tells how far it is. Lines by default; a caller with a terminal may draw. */
export interface Progress {
  /** A step begins; the function it returns ends it. */
  step(title: string): { update(detail: string): void; done(detail?: string): void };
}

export const silentProgress: Progress = { step: () => ({ update: () => undefined, done: () => undefined }) };

/** One line when a step begins, at most one every five seconds while it lasts, one with its time at the end. */
export function lineProgress(write: (line: string) => void, now: () => number = Date.now): Progress {
  return {
    step(title) {
      const started = now();
      let last = started;
      const seconds = () => `${((now() - started) / 1000).toFixed(1)} s`;
      write(`${title} …`);
      return {
        update(detail) {
          if (now() - last < 5000) return;
          last = now();
          write(`${title}: ${detail} (${seconds()})`);
        },
        done: (detail) => write(`${title}: ${detail ?? "done"} (${seconds()})`),
      };
    },
  };
}
