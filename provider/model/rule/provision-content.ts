import { text } from "../read/text";

const MiB = 1024 * 1024;

/** Bytes of one file. */
const mostContent = MiB;
/** Bytes of a secret one: each of its lines is looked for in everything that is shown. */
const mostSecret = 64 * 1024;

const isText = (value: string): boolean => !/[\x00]|\p{Surrogate}/u.test(value);
const fits = (value: string, most: number): true | string => {
  const bytes = Buffer.byteLength(value);
  return bytes <= most || `it has ${bytes} bytes`;
};

/** What stands in a file of a machine. */
export const content = text({
  allowed: `be text without NUL, of ${mostContent} bytes at most`,
  max: mostContent,
  test: (value) => isText(value) && fits(value, mostContent),
});

/** The same of one that is secret. */
export const secretContent = text({
  allowed: `be text without NUL, of ${mostSecret} bytes at most where it is secret`,
  max: mostSecret,
  secret: true,
  test: (value) => isText(value) && fits(value, mostSecret),
});

/** A unit of systemd.syntax(7). */
export const unitContent = text({
  allowed: `be a unit as systemd.syntax(7) has it, with a section such as [Service], of ${mostContent} bytes at most`,
  max: mostContent,
  test: (value) => isText(value) && /^\[[A-Za-z][A-Za-z0-9-]*\][ \t]*$/m.test(value) && fits(value, mostContent),
});
