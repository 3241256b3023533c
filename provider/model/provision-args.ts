/** What a machine's own root makes in it after its start, as it is in state. Only ever add to it, like to the rest of the arguments. */

/** A person's account in a machine; its password is in {@link MachineSecretsArgs}. */
export interface UserArgs {
  name: string;
  /** The whole of its authorized_keys. */
  authorizedKeys: string[];
  /** All of its supplementary groups; absent: they are left alone. */
  groups?: string[];
  /** A path in the machine. */
  shell: string;
  /** Runs everything as root, without a password. */
  sudo: boolean;
}

export interface ProvisionFileArgs {
  /** In the machine, absolute and normal. */
  path: string;
  /** Absent: it is secret, and in {@link MachineSecretsArgs}. */
  content?: string;
  /** Four octal digits. */
  mode: string;
  /** A name or a number, of the machine. */
  owner: string;
  /** Absent: the owner's own. */
  group?: string;
}

export interface ProvisionUnitArgs {
  /** `backup.timer`. */
  name: string;
  content: string;
  /** Enabled and started; else it is only written. */
  enable: boolean;
}

export interface ProvisionArgs {
  packages?: string[];
  files?: ProvisionFileArgs[];
  units?: ProvisionUnitArgs[];
  /** A text for sh, or the words of a command. */
  commands?: (string | string[])[];
}

/** Secret as a whole. */
export interface MachineSecretsArgs {
  /** Contents by path. */
  files?: Record<string, string>;
  /** Hashes of crypt(5) by user. */
  passwords?: Record<string, string>;
}
