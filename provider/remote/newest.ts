/** Passes on the newest of many values: the first at once, then one for each interval at most. */
export class Newest<T> {
  private waiting: { value: T } | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param milliseconds the interval; default 100 */
  constructor(
    private readonly pass: (value: T) => void,
    private readonly milliseconds = 100,
  ) {}

  push(value: T): void {
    this.waiting = { value };
    if (this.timer === undefined) this.turn();
  }

  /** Nothing more comes: the newest that waits is passed on now. */
  end(): void {
    clearTimeout(this.timer);
    this.flush();
    this.timer = undefined;
  }

  private turn(): void {
    this.timer = this.flush() ? setTimeout(() => this.turn(), this.milliseconds).unref() : undefined;
  }

  private flush(): boolean {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) this.pass(waiting.value);
    return waiting !== undefined;
  }
}
