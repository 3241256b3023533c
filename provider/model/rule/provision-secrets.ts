import type { MachineSecretsArgs } from "../provision-args";
import { object, optional, record } from "../read/object";
import { text } from "../read/text";
import { secretContent } from "./provision-content";

/** As mkpasswd(1) prints it, in one of the forms that are safe enough to be kept. */
const passwordHash = text({
  allowed: "be a hash of crypt(5) as mkpasswd(1) prints it: yescrypt, SHA-512, SHA-256 or bcrypt",
  max: 400,
  secret: true,
  test: (value) => /^\$(?:[567y]|gy|2[abxy])\$(?:[!-#%-9;-~]+\$){1,3}[./0-9A-Za-z]{22,}$/.test(value),
});

/** What of `users` and `provision` is secret, by its user or its path. */
export const machineSecrets = object<MachineSecretsArgs>({
  files: optional(record((_name, value, place) => secretContent(value, place), 200)),
  passwords: optional(record((_name, value, place) => passwordHash(value, place))),
});
