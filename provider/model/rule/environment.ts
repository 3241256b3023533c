import { record } from "../read/object";
import type { Place } from "../read/place";
import { text } from "../read/text";

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;

/** What systemd-nspawn itself tells a machine's PID 1, and what the dynamic linker would act on. */
const RESERVED = /^(LD_.*|container.*|LISTEN_.*|NOTIFY_SOCKET|SYSTEMD_SECCOMP|SYSTEMD_NSPAWN_.*)$/;

/** systemd.nspawn(5) splits at spaces and has quotes, so a value has neither quotes nor backslashes. */
const value = text({
  allowed: "have only printable characters, without quotes and backslashes",
  max: 1000,
  test: (given) => /^[^\x00-\x1f\x7f\u0080-\u009f\u2028\u2029"'\\\ud800-\udfff]*$/u.test(given),
});

/** Environment of a machine's PID 1. */
export const environment = record((name: string, given: unknown, place: Place) => {
  if (!NAME.test(name)) place.refuse("is not the name of a variable: letters, digits and `_`, no digit first");
  else if (RESERVED.test(name)) place.refuse("is reserved: it would change how the machine itself is started");
  return value(given, place);
});
