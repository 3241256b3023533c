import { barReporter } from "./bar-reporter";
import { lineReporter } from "./line-reporter";
import type { Reporter } from "./reporter";

/** A bar where stderr is a terminal, plain lines elsewhere. */
export function stderrReporter(): Reporter {
  return process.stderr.isTTY ? barReporter() : lineReporter((line) => process.stderr.write(`${line}\n`));
}
