import type { ProvisionArgs, ProvisionFileArgs, ProvisionUnitArgs } from "../provision-args";
import { provisionDefaults } from "../defaults";
import { hasControl } from "../read/control";
import { list } from "../read/list";
import { object, optional, required } from "../read/object";
import { type Reader, orUnknown, refused } from "../read/reader";
import { flag } from "../read/scalar";
import { text } from "../read/text";
import { packageNames } from "./package-name";
import { content, unitContent } from "./provision-content";

/** What is there only until the next start, or is no place for files. */
const VANISHES = /^\/(proc|sys|dev|run|tmp|var\/run)(\/|$)/;
/** What other arguments write, and the library keeps as they say. */
const TAKEN: [RegExp, string][] = [
  [/^\/etc\/host(name|s)$/, "hostname writes it"],
  [/^\/etc\/resolv\.conf$/, "dns writes it"],
  [/^\/etc\/(timezone|localtime)$/, "timezone writes it"],
  [/^\/root\/\.ssh\/authorized_keys$/, "authorizedKeys writes it"],
  [/^\/etc\/systemd\/network\/80-container-[^/]*\.network$/, "networks write it"],
  [/^\/etc\/sysctl\.d\/60-pulumi-nspawn\.conf$/, "subnets of networks write it"],
  [/^\/etc\/(passwd|shadow|group|gshadow)-?$/, "users, or rootPassword, make accounts"],
  [/^\/etc\/sudoers\.d\/pulumi-nspawn-/, "users with sudo: true write it"],
];

/** Where a file is inside a machine. */
const path = text({
  allowed:
    "be an absolute and normal path of a file, as realpath(1) prints it: without `.`, `..`, `//`, or `/` at its end",
  max: 1000,
  test: (value) => {
    if (!/^(\/[^/]+)+$/.test(value) || /\/\.{1,2}(\/|$)/.test(value) || hasControl(value)) return false;
    if (/[^/]{256}/.test(value)) return "a name has 255 characters at most";
    if (VANISHES.test(value)) return "what is there is gone at the next start";
    return TAKEN.find(([pattern]) => pattern.test(value))?.[1] ?? true;
  },
});

const mode = text({
  allowed: 'be three or four octal digits, such as "0640"',
  test: (value) => /^[0-7]{3,4}$/.test(value),
  canonical: (value) => value.padStart(4, "0"),
});

/** Whose a file is: the number stands for what has no name in the machine. */
const account = text({
  allowed: "be the name of an account in the machine, or its number",
  max: 32,
  test: (value) => /^([a-z_][a-z0-9_-]*|0|[1-9][0-9]{0,4})$/.test(value),
});

const [usualFile] = provisionDefaults.files;
const file = object<ProvisionFileArgs>({
  path: required(path),
  content: optional(content),
  mode: optional(mode, usualFile!.mode),
  owner: optional(account, usualFile!.owner),
  group: optional(account),
});

const TYPES = "service|socket|timer|path|mount|automount|swap|target|slice";
const unitName = text({
  allowed: `be the name of a unit of systemd, with its type: NAME.${TYPES.replaceAll("|", ", .")}`,
  max: 200,
  test: (value) => new RegExp(`^[A-Za-z0-9_][A-Za-z0-9:_.\\\\@-]*\\.(${TYPES})$`).test(value),
});

const unit = object<ProvisionUnitArgs>({
  name: required(unitName),
  content: required(unitContent),
  enable: optional(flag, provisionDefaults.units[0]!.enable),
});

const mostWord = 65_536;
const line = text({
  allowed: `be a text for sh, neither empty nor with NUL, of ${mostWord} characters at most`,
  max: mostWord,
  test: (value) => value.trim() !== "" && !/[\x00]|\p{Surrogate}/u.test(value),
});
const word = text({
  allowed: `be a word of a command, without NUL, of ${mostWord} characters at most`,
  max: mostWord,
  test: (value) => !/[\x00]|\p{Surrogate}/u.test(value),
});
const words = list(word, { min: 1 });

const command: Reader<string | string[]> = orUnknown((value, place) => {
  if (typeof value === "string") return line(value, place);
  if (Array.isArray(value)) return value[0] === "" ? notNamed(value[0], place.index(0)) : words(value, place);
  place.refuseValue("must be a text for sh, or a list of the words of a command", value);
  return refused();
});

const notNamed: Reader<string[]> = (value, place) => {
  place.refuseValue("must be the name of a program", value);
  return refused();
};

/** `provision`: what is done inside of a machine, once for each content. */
export const provision = object<ProvisionArgs>({
  packages: optional(packageNames),
  files: optional(list(file, { max: 200 })),
  units: optional(list(unit)),
  commands: optional(list(command)),
});
