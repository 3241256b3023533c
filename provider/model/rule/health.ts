import type { HealthArgs } from "../args";
import { list } from "../read/list";
import { object, optional } from "../read/object";
import { isPlainObject } from "../read/plain-object";
import { type Reader, orUnknown } from "../read/reader";
import { integer, onlyTrue, oneOf } from "../read/scalar";
import { text } from "../read/text";
import { http, port } from "./service";

const checks = ["tcp", "http", "command", "manager"];

const word = text({
  allowed: "be a text in one line, without control characters",
  max: 1024,
  test: (given) => /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u.test(given),
});

const command: Reader<string[]> = (value, place) => {
  const words = list(word, { min: 1, max: 64 })(value, place);
  if (Array.isArray(words) && words[0] === "") place.index(0).refuse("must be a program, by its path or its name");
  return words;
};

const manager = onlyTrue("leave health out where nobody is to look");

const read = object<HealthArgs>({
  tcp: optional(port),
  http: optional(http),
  command: optional(command),
  manager: optional(manager),
  interval: optional(integer(5, 86_400)),
  timeout: optional(integer(1, 600)),
  retries: optional(integer(1, 100)),
  startPeriod: optional(integer(0, 86_400)),
  action: optional(oneOf(["restart", "none"])),
});

/** One check, and when it is made. */
export const health: Reader<HealthArgs> = orUnknown((value, place) => {
  const given = isPlainObject(value) ? checks.filter((name) => value[name] !== undefined && value[name] !== null) : [];
  if (isPlainObject(value) && given.length !== 1)
    place.refuse(
      `must have one of tcp, http, command and manager (got ${given.length === 0 ? "none" : given.join(" and ")}); give { tcp: 5432 }, { http: { port: 80 } }, { command: ["/usr/bin/check"] } or { manager: true }`,
    );
  return read(value, place);
});
