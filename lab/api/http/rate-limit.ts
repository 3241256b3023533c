import type { ApiOptions } from "../api-options";

/** Hetzner's bucket: full at the start, refilled evenly; the three headers stand on every answer. */
export class RateLimit {
  private tokens: number;
  private at: number;

  constructor(private readonly options: ApiOptions) {
    this.tokens = options.rateLimit;
    this.at = options.clock.now().getTime();
  }

  /** Takes one request out of the bucket; false when it is empty. */
  take(): boolean {
    this.refill();
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  headers(): Record<string, string> {
    const { rateLimit, rateRefillPerSecond } = this.options;
    const missing = Math.max(0, rateLimit - this.tokens);
    const full = rateRefillPerSecond > 0 ? missing / rateRefillPerSecond : 0;
    return {
      "RateLimit-Limit": String(rateLimit),
      "RateLimit-Remaining": String(Math.floor(this.tokens)),
      "RateLimit-Reset": String(Math.ceil(this.at / 1000 + full)),
    };
  }

  /** Fills the bucket, after its size was changed. */
  reset(): void {
    this.tokens = this.options.rateLimit;
    this.at = this.options.clock.now().getTime();
  }

  private refill(): void {
    const now = this.options.clock.now().getTime();
    const gained = ((now - this.at) / 1000) * this.options.rateRefillPerSecond;
    this.tokens = Math.min(this.options.rateLimit, this.tokens + gained);
    this.at = now;
  }
}
