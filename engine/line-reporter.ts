import { duration } from "./duration";
import type { Reporter } from "./reporter";

/** Plain lines for logs: one when the work changes, and at least one every `everySeconds`. */
export function lineReporter(write: (line: string) => void, everySeconds = 15): Reporter {
  let [last, kind] = [0, ""];
  return {
    step: ({ what, fraction, secondsLeft }) => {
      const now = Date.now();
      const about = what.replace(/,? \d.*$/, "");
      if (about === kind && now - last < everySeconds * 1000) return;
      [last, kind] = [now, about];
      write(`engine: ${(fraction * 100).toFixed(0)} %, about ${duration(secondsLeft)} left: ${what}`);
    },
    note: (text) => write(`engine: ${text}`),
    done: () => undefined,
  };
}
