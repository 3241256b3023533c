import { set } from "../read/list";
import { text } from "../read/text";

/** Debian Policy 5.6.1. apt-get reads a `-` at the end as "remove this package". */
const PACKAGE = /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$/;

const packageName = text({
  allowed: "be a Debian package name without version or architecture: ^[a-z0-9][a-z0-9+.-]+$, no `-` at the end",
  max: 128,
  test: (value) => PACKAGE.test(value),
});

/** Package names, sorted, each once. */
export const packageNames = set(packageName, { max: 500 });
