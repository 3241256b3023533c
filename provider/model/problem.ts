/** Something that is wrong with one argument. */
export interface Problem {
  /** Property path, such as `networks[0].addresses[1]`. It never names a top-level secret: the engine would print its value. */
  path: string;
  /** What is allowed and what was got. */
  message: string;
}

/** A parsed value, or all of its problems at once. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };
