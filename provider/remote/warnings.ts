import { reportLimits as limits } from "./report-limits";

/** The warnings of a report: the first of them, and how many more there were. */
export class Warnings {
  private readonly kept: string[] = [];
  private length = 0;
  private more = 0;

  add(text: string): void {
    const fits = this.kept.length < limits.warnings && this.length + text.length <= limits.warningText;
    if (!fits || this.more > 0) this.more += 1;
    else {
      this.kept.push(text);
      this.length += text.length;
    }
  }

  all(): string[] {
    return this.more === 0 ? this.kept : [...this.kept, `and ${this.more} more warnings, which are not shown`];
  }
}
