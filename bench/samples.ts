/** What was measured, by side (`up-10/raw`), in the order of the runs. */
export class Samples {
  private readonly values = new Map<string, number[]>();

  add(side: string, value: number): void {
    this.values.set(side, [...(this.values.get(side) ?? []), value]);
  }

  of(side: string): number[] {
    const values = this.values.get(side);
    if (values === undefined) throw new Error(`${side} was not measured`);
    return values;
  }

  /** Two sides as one: what the first took and what the second took in the same run. */
  sum(one: string, other: string): number[] {
    const others = this.of(other);
    return this.of(one).map((value, index) => value + (others[index] ?? NaN));
  }
}
