import { object, optional, required } from "../read/object";
import { integer } from "../read/scalar";
import { text } from "../read/text";

/** A TCP port of a machine. */
export const port = integer(1, 65_535);

const path = text({
  allowed: "be a path from `/`, as a URL has it: printable ASCII without spaces",
  max: 1024,
  test: (given) => /^\/[!-~]*$/.test(given),
});

/** An HTTP server in a machine, and what is asked of it. */
export const http = object<{ port: number; path?: string }>({ port: required(port), path: optional(path) });
