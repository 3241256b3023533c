/** An error of the lab that a user can act on: what was found, what is needed, what to do next. */
export class LabError extends Error {
  constructor(
    message: string,
    /** Exit code of the command line: 1 failed, 2 wrong use, 3 no such lab or place, 4 something missing on this machine. */
    readonly exitCode: 1 | 2 | 3 | 4 = 1,
  ) {
    super(message);
    this.name = "LabError";
  }
}
