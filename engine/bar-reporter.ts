import { Presets, SingleBar } from "cli-progress";
import type { Reporter } from "./reporter";
import { duration } from "./duration";

/** A bar on the terminal that stderr is. */
export function barReporter(): Reporter {
  let bar: SingleBar | undefined;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    step: ({ what, fraction, secondsLeft }) => {
      const left = `about ${duration(secondsLeft)} left`;
      if (bar === undefined) {
        const format = "{bar} {percentage} %  {left}  {what}";
        bar = new SingleBar(
          { format, stream: process.stderr, hideCursor: true, barsize: 24, fps: 5 },
          Presets.shades_classic,
        );
        bar.start(1000, 0, { what, left });
      }
      bar.update(Math.round(fraction * 1000), { what, left });
    },
    note: (text) => {
      stop();
      process.stderr.write(`${text}\n`);
    },
    done: stop,
  };
}
