import { barReporter } from "../engine/bar-reporter";
import { duration } from "../engine/duration";
import { Meter } from "../engine/meter";
import type { Reporter } from "../engine/reporter";
import type { Step } from "./step";

/** One line when the work changes: for logs. */
function lines(): Reporter {
  let last = "";
  const write = (text: string) => process.stderr.write(`${text}\n`);
  return {
    step: ({ what, fraction, secondsLeft }) => {
      if (what === last) return;
      last = what;
      write(`bench: ${(fraction * 100).toFixed(0).padStart(3)} %, about ${duration(secondsLeft)} left: ${what}`);
    },
    note: write,
    done: () => undefined,
  };
}

/** Runs the steps one after the other and shows what runs, how far it is, and how long it will take. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  const total = steps.reduce((sum, step) => sum + step.seconds, 0);
  const meter = new Meter(total, process.stderr.isTTY ? barReporter() : lines());
  try {
    for (const step of steps) {
      meter.stage(step.what, step.seconds);
      await step.run();
    }
  } finally {
    meter.stop();
  }
}
