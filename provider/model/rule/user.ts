import type { UserArgs } from "../provision-args";
import { userDefaults } from "../defaults";
import { list, set } from "../read/list";
import { object, optional, required } from "../read/object";
import { flag } from "../read/scalar";
import { text } from "../read/text";
import { authorizedKey } from "./public-key";

/** As useradd(8) of Debian takes them, without what sudoers(5) does not read as the name of a file. */
const NAME = /^[a-z_][a-z0-9_-]{0,31}$/;
const form = "32 lower-case letters, digits, `-` and `_` at most, beginning with a letter or `_`";

const userName = text({
  allowed: `be the name of a user: ${form}`,
  test: (value) => {
    if (!NAME.test(value)) return false;
    return value === "root" ? "root's keys and password are authorizedKeys and rootPassword" : true;
  },
});

const groupName = text({ allowed: `be the name of a group: ${form}`, test: (value) => NAME.test(value) });

const shell = text({
  allowed: "be the absolute path of a shell in the machine",
  test: (value) => /^(\/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)+$/.test(value),
});

const user = object<UserArgs>({
  name: required(userName),
  authorizedKeys: optional(list(authorizedKey, { twice: "is listed" }), userDefaults.authorizedKeys),
  groups: optional(set(groupName)),
  shell: optional(shell, userDefaults.shell),
  sudo: optional(flag, userDefaults.sudo),
});

/** `users`: people's accounts in a machine. */
export const users = list(user);
