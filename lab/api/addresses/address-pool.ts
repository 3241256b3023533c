import { ApiError } from "../http/api-error";
import type { State } from "../state/state";

/** Hands out the next free address of a range, in order, coming round only at its end. */
export class AddressPool {
  constructor(
    private readonly name: string,
    private readonly first: number,
    private readonly last: number,
    private readonly form: (n: number) => string,
    private readonly used: (state: State) => string[],
  ) {}

  take(state: State): string {
    const used = new Set(this.used(state));
    const size = this.last - this.first + 1;
    for (let tried = 0; tried < size; tried++) {
      const n = this.first + (((state.cursors[this.name] ?? 0) + tried) % size);
      const address = this.form(n);
      if (used.has(address)) continue;
      state.cursors[this.name] = n - this.first + 1;
      return address;
    }
    throw new ApiError(
      412,
      "resource_unavailable",
      `no free address is left in the lab's ${this.name} range (${size})`,
    );
  }
}
