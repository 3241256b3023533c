import type * as pulumi from "@pulumi/pulumi";
import type { ArgumentNames } from "./unknown-arguments";

/** A person's account in a machine; see docs/first-boot.md#users. */
export interface MachineUser {
  /**
   * Name of the account, 32 characters at most: lower-case letters, digits, `-` and `_`. Not `root`, and no account of the
   * machine's own system.
   */
  name: pulumi.Input<string>;
  /** Lines of authorized_keys, see sshd(8); all that log in as the user. Default: none. */
  authorizedKeys?: pulumi.Input<pulumi.Input<string>[]>;
  /** All supplementary groups of the user; one that the machine lacks is made. Default: they are left alone. */
  groups?: pulumi.Input<pulumi.Input<string>[]>;
  /** Path of the login shell, which the machine has to have. Default `/bin/bash`. */
  shell?: pulumi.Input<string>;
  /** The user runs everything as root by sudo(8), without a password; the machine needs the package sudo. Default false. */
  sudo?: pulumi.Input<boolean>;
  /**
   * Hash of the password, crypt(5), as `mkpasswd` prints it: yescrypt, SHA-512, SHA-256 or bcrypt. Secret. Default: none, and
   * no password logs in.
   */
  passwordHash?: pulumi.Input<string>;
}

/** A file that is written inside a machine, as a whole. */
export interface ProvisionFile {
  /**
   * Absolute path in the machine, without `.`, `..` and links; folders that are missing are made, as root's. Not below `/proc`,
   * `/sys`, `/dev`, `/run` and `/tmp`, and no file that another argument writes.
   */
  path: pulumi.Input<string>;
  /** Text of the file, 1 MiB at most. A secret (64 KiB at most) stays one: in the preview, in the state, on the way. */
  content: pulumi.Input<string>;
  /** Mode, three or four octal digits. Default `0644`. */
  mode?: pulumi.Input<string>;
  /** Owner in the machine, a name or a number. Default `root`. */
  owner?: pulumi.Input<string>;
  /** Group in the machine, a name or a number. Default: the owner's own. */
  group?: pulumi.Input<string>;
}

/** A unit of systemd inside a machine, `/etc/systemd/system/<name>`. */
export interface ProvisionUnit {
  /** Name with its type, such as `backup.timer`. */
  name: pulumi.Input<string>;
  /** Text of the unit, systemd.syntax(7). */
  content: pulumi.Input<string>;
  /**
   * Enable and start it, and start it again when it changes. False writes it only, and stops and disables it: something else
   * starts it. A template is never enabled. Default true.
   */
  enable?: pulumi.Input<boolean>;
}

/**
 * What is done inside a machine by its own root, in this order, once for each content: see docs/first-boot.md. Together 8 MiB at
 * most.
 */
export interface MachineProvision {
  /**
   * Debian packages, installed with apt-get(8) without what they only recommend. One that is no longer named stays. Needs a
   * network. Default: none.
   */
  packages?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Files, 200 at most. One that is no longer named is removed if nobody has changed it in the machine since. Default: none.
   */
  files?: pulumi.Input<pulumi.Input<ProvisionFile>[]>;
  /** Units of systemd, 100 at most. One that is no longer named is stopped, disabled and removed. Default: none. */
  units?: pulumi.Input<pulumi.Input<ProvisionUnit>[]>;
  /**
   * Commands, 100 at most, as root in `/root`, one after the other, each for 15 minutes at most: a text for sh(1), or a list of the
   * words of one command. All run once for each content of the whole `provision`; after a failure the next `up` goes on with the
   * command that failed. No secrets: put these into a file. Default: none.
   */
  commands?: pulumi.Input<pulumi.Input<pulumi.Input<string> | pulumi.Input<pulumi.Input<string>[]>>[]>;
}

export const userNames: ArgumentNames<MachineUser> = {
  ...{ name: true, authorizedKeys: true, groups: true, shell: true, sudo: true, passwordHash: true },
};

const fileNames: ArgumentNames<ProvisionFile> = {
  ...{ path: true, content: true, mode: true, owner: true, group: true },
};
const unitNames: ArgumentNames<ProvisionUnit> = { name: true, content: true, enable: true };

export const provisionNames: ArgumentNames<MachineProvision> = {
  ...{ packages: true, files: fileNames, units: unitNames, commands: true },
};
