/** An error of the command line that ends it with an exit code of its own (docs/cli.md). */
export class CliError extends Error {
  constructor(
    message: string,
    /** 1 something is wrong, 2 wrong use, 3 could not look, 125 could not run what has exit codes of its own. */
    readonly exitCode: 1 | 2 | 3 | 125,
  ) {
    super(message);
    this.name = "CliError";
  }
}
