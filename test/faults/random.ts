/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` of the values, in their order, chosen by the seed. */
export function sample<T>(values: readonly T[], count: number, seed: number): T[] {
  const next = random(seed);
  const chosen = values.map((value, index) => ({ value, index, at: next() })).sort((a, b) => a.at - b.at);
  return chosen
    .slice(0, count)
    .sort((a, b) => a.index - b.index)
    .map(({ value }) => value);
}

/** `count` of each group, in their order, chosen by the seed; not the same ones in each group. */
export function sampleEach<T>(values: readonly T[], count: number, seed: number, groupOf: (value: T) => string): T[] {
  const groups = [...new Set(values.map(groupOf))];
  const of = (group: string): T[] => values.filter((value) => groupOf(value) === group);
  return groups.flatMap((group, index) => sample(of(group), count, seed + index));
}
