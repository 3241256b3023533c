import type { ChildProcess } from "node:child_process";

const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Ctrl-C and its like: ends what runs, once, so that the removal begins; during the removal it is only answered.
 * Children get a process group of their own, so a terminal's Ctrl-C reaches them through here alone.
 */
export class Interruption {
  private child: ChildProcess | undefined;
  private removing = false;
  happened: NodeJS.Signals | undefined;
  private readonly listener = (signal: NodeJS.Signals) => this.hear(signal);

  constructor() {
    for (const signal of signals) process.on(signal, this.listener);
  }

  watch(child: ChildProcess): void {
    this.child = child;
    child.once("close", () => (this.child = undefined));
    if (this.happened !== undefined && !this.removing) child.kill("SIGINT");
  }

  /** Throws where the work should not go on. */
  check(): void {
    if (this.happened !== undefined && !this.removing) throw new Error(`interrupted by ${this.happened}`);
  }

  /** From now on everything runs to its end. */
  beginRemoval(): void {
    this.removing = true;
  }

  forget(): void {
    for (const signal of signals) process.off(signal, this.listener);
  }

  private hear(signal: NodeJS.Signals): void {
    this.happened ??= signal;
    process.stderr.write(
      this.removing
        ? "\nstill removing what costs money; this is not interrupted\n"
        : `\n${signal}: ending what runs, then everything is removed …\n`,
    );
    if (!this.removing) this.child?.kill("SIGINT");
  }
}
