const KiB = 1024;
const MiB = 1024 * KiB;

/**
 * What a report may hold. What our own program writes stays far below; a host that goes beyond is refused with
 * NSPAWN_REPORT. In bytes, where nothing else is said.
 */
export const reportLimits = {
  /** One record. */
  line: 64 * KiB,
  /** All records of a report, without bodies and without the records of data. */
  lines: 64 * MiB,
  /** Number of these records. */
  records: 2_000_000,
  /** All texts of errors of a report. A machine's journal is among them, with lines of 48 KiB. */
  errors: 1 * MiB,
  /** One piece of data; the program sends 1 MiB. */
  data: 2 * MiB,
  /** All results of a report; each has a bound of its own. */
  results: 64 * MiB,
  /** Number of different results. */
  names: 10_000,
  /** Number of warnings that are kept; of more is told how many they were. */
  warnings: 1000,
  /** Text of the warnings that are kept. */
  warningText: 1 * MiB,
  /** What comes on standard error, where our program writes nothing. */
  standardError: 1 * MiB,
  /** Characters of what came in the place of a record, in the error. */
  shown: 300,
};

/** The results of our program, and what each may have: a catalogue is compressed, about 50 bytes for each path of a tree. */
const ours: ReadonlyMap<string, number> = new Map([
  ["facts", 16 * MiB],
  ["files", 48 * MiB],
  ["catalogue", 64 * MiB],
  ["life", 4 * MiB],
  ["whereabouts", 1 * MiB],
  ["wanted", 16],
  ["images", 1 * MiB],
]);

/** Bytes that a result of this name may have; `undefined` where nobody asks for such a result. */
export type Expected = (name: string) => number | undefined;

export const ourResults: Expected = (name) => ours.get(name);
