import type { Place } from "../read/place";
import { record } from "../read/object";
import { text } from "../read/text";
import { ownSysctls } from "../own-sysctls";

const NAME = /^(?:abi|debug|dev|fs|kernel|net|user|vm)(?:\.[A-Za-z0-9_*-]+){1,8}$/;

const value = text({
  allowed: "have only printable characters, and no spaces around it",
  max: 256,
  test: (given) => /^[!-~]+(?:[ \t]+[!-~]+)*$/.test(given),
  // The kernel separates numbers by tabs or spaces as it likes.
  canonical: (given) => given.replace(/[ \t]+/g, " "),
});

/** The kernel's other names for settings that the library needs. */
const alias = /^net\.(ipv4\.conf\.(all|default)|ipv6\.conf\.default)\.forwarding$|^net\.ipv6\.conf\..*\.proxy_ndp$/;

function ownValue(name: string): string | undefined {
  if (alias.test(name)) return "1";
  return Object.hasOwn(ownSysctls, name) ? ownSysctls[name] : undefined;
}

/** Kernel settings by their names with dots. */
export const sysctls = record((name: string, given: unknown, place: Place) => {
  if (!NAME.test(name)) place.refuse("is not the name of a kernel setting, such as net.core.somaxconn");
  else if (name.includes("*")) place.refuse("must name one setting, without wildcards");
  else if (/\.proxy_arp(_pvlan)?$/.test(name))
    place.refuse(
      "is refused: it would answer for every address behind the host; addresses are answered for one by one",
    );
  const read = value(given, place);
  const own = ownValue(name);
  if (own !== undefined && read !== own) place.refuse(`is the library's own and stays ${own}`);
  return read;
});
