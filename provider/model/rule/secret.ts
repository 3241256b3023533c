import { hasControl } from "../read/control";
import type { Reader } from "../read/reader";
import { text } from "../read/text";

const PEM = /^-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----\r?\n(?:(?!-----)[A-Za-z0-9+/=:,\-\s])+\r?\n-----END \1-----\s*$/;

/** A private key in OpenSSH's or PEM form. Its value never stands in an error. */
export const privateKey = text({
  allowed: "be one private key, from its BEGIN line to its END line",
  max: 16384,
  secret: true,
  test: (value) => {
    if (/^(ssh|ecdsa|sk)-/.test(value)) return "this is a public key, the private one is needed";
    if (/^[~./]/.test(value)) return "this is a path, the key itself is needed (a path is given as privateKeyFile)";
    return PEM.test(value);
  },
});

/**
 * Where a secret is, on the machine that runs the program. State may be used from another folder, so a path that depends
 * on one is refused.
 *
 * @param isKey what is said of a private key in the place of a path
 */
export function secretPath(isKey = "this is a private key, its path is needed"): Reader<string> {
  return text({
    allowed: "be an absolute path, or begin with ~/ (the home folder of who runs the program)",
    max: 1024,
    test: (value) => {
      if (/PRIVATE KEY/.test(value)) return isKey;
      return /^(~\/|\/)./.test(value) && !hasControl(value) && !value.endsWith("/");
    },
  });
}

/** Passphrase of a private key. */
export const passphrase = text({
  allowed: "have no NUL or line break, and not be empty",
  max: 1024,
  secret: true,
  test: (value) => value !== "" && !/[\x00\r\n]/.test(value),
});

/** A login password; within the 512 bytes of crypt(5), and a login prompt ends at a control character. */
export const password = text({
  allowed:
    "have 1 to 128 characters, without control characters and without `:`, which separates the fields of shadow(5)",
  max: 128,
  secret: true,
  test: (value) => value !== "" && isWellFormed(value) && !/[\x00-\x1f\x7f:]/.test(value) && !leakedOutput(value),
});

/** Half of a surrogate pair would be hashed as a replacement character: another password than the one typed. */
function isWellFormed(value: string): boolean {
  return !/[\ud800-\udfff]/u.test(value);
}

/** What Pulumi makes of an output that a program put into a text: nobody's password. */
function leakedOutput(value: string): boolean {
  return value.startsWith("Calling [toString] on an [Output<T>]");
}
