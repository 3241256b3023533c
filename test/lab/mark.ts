/** A marked frame, as guest/early.py tells of it: when, where, which, and of which run of the sender. */
export interface Mark {
  /** Seconds of CLOCK_MONOTONIC. */
  time: number;
  place: string;
  name: string;
  run: string;
}

export function marksIn(text: string): Mark[] {
  return [...text.matchAll(/^(\S+) (\S+) early:([\w-]+):(\d+)$/gm)].map(
    ([, time, place = "", name = "", run = ""]) => ({
      ...{ time: Number(time), place, name, run },
    }),
  );
}
