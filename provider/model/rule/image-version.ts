import { text } from "../read/text";

/** What the user calls a state of something. */
export const imageVersion = text({
  allowed: "be a version: letters, digits and . _ + -, 64 at most, beginning with a letter or a digit",
  max: 64,
  test: (value) => /^[A-Za-z0-9][A-Za-z0-9._+-]*$/.test(value),
});
