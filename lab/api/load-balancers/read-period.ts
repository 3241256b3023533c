import { Fields } from "../http/fields";

/** Samples of an answer: those that are aimed at, and those that there are at most. */
const USUAL = 200;
const MOST = 500;

interface Period<T> {
  types: T[];
  start: Date;
  end: Date;
  /** Seconds. */
  step: number;
}

/** The query of a request for metrics. */
export function readPeriod<T extends string>(query: URLSearchParams, known: T[]): Period<T> {
  const fields = new Fields(Object.fromEntries(query));
  fields.require("type", "start", "end");
  const types = query.getAll("type").flatMap((text) => text.split(","));
  const wrong = types.find((type) => !(known as string[]).includes(type));
  if (wrong !== undefined) fields.reject("type", `'${wrong}' is not one of ${known.join(", ")}`);
  const [start, end] = [readDate(fields, "start"), readDate(fields, "end")];
  if (end <= start) fields.reject("end", "has to be after start");
  const given = Number(fields.raw("step") ?? 1);
  if (!(Number.isInteger(given) && given > 0)) fields.reject("step", "has to be a number of seconds");
  fields.check();
  const seconds = (end.getTime() - start.getTime()) / 1000;
  const usual = Math.ceil(seconds / USUAL);
  const step = Math.max(fields.has("step") ? given : usual, Math.ceil(seconds / MOST));
  return { types: types as T[], start, end, step };
}

function readDate(fields: Fields, name: string): Date {
  const date = new Date(fields.string(name) ?? "");
  if (fields.has(name) && Number.isNaN(date.getTime())) fields.reject(name, "is not a time by ISO 8601");
  return date;
}
