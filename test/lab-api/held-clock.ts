import type { Clock } from "../../lab/api/clock";

/** Time stands still while it is held: actions that begin meanwhile end when it is let go. */
export class HeldClock implements Clock {
  private waiting: (() => void)[] = [];
  private held = false;

  now(): Date {
    return new Date();
  }

  sleep(): Promise<void> {
    return this.held ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }

  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
