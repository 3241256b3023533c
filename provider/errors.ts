/** The closed table of error codes; docs/errors.md has a row for each. */
export const errorCodes = [
  "NSPAWN_INVALID_INPUT", // an argument is refused; nothing was sent
  "NSPAWN_UNREACHABLE", // no TCP connection, or no SSH banner, within the deadline
  "NSPAWN_REFUSED", // the address answers, and nothing listens on the port
  "NSPAWN_NAME_NOT_FOUND", // the host's name has no address
  "NSPAWN_ALGORITHMS", // the host offers only SSH algorithms that are no longer safe
  "NSPAWN_HOST_KEY", // the host showed another key than the pinned one
  "NSPAWN_LOGIN", // the host refused the key or the user, or there is no key that could be used
  "NSPAWN_CONNECTION_LOST", // the channel closed without an exit code
  "NSPAWN_DEADLINE", // a call took longer than it may
  "NSPAWN_REPORT", // what came from the host is not what our program on it writes
  "NSPAWN_NOT_DEBIAN", // the host does not run Debian or a derivative with apt and systemd
  "NSPAWN_KERNEL_FEATURE", // the host's kernel lacks something that is needed
  "NSPAWN_NOT_ROOT", // the login is not root, and sudo does not make it root without a password
  "NSPAWN_DISK_FULL", // not enough space or inodes
  "NSPAWN_MIRROR", // a package mirror or an image's source cannot be reached or verified
  "NSPAWN_IMAGE", // an image's archive is not what it has to be: its sum, its signature, an entry, its size
  "NSPAWN_OWNED", // a file or a machine belongs to another owner
  "NSPAWN_OVERRIDDEN", // a file of somebody else's wins over what is wanted
  "NSPAWN_STRICT_UPLINK", // the router asks for each address of a subnet, and nobody answers for them
  "NSPAWN_NEXT_BOOT", // the next boot would configure the host's network otherwise than it is now
  "NSPAWN_NOT_READY", // the machine exists but did not become ready
  "NSPAWN_PROVISION", // something that is done inside of a machine failed there
  "NSPAWN_FLEET", // a member of a fleet was not changed, because another one failed before
  "NSPAWN_MOVING", // a machine's move to another host was not completed
  "NSPAWN_BUSY", // another change holds the host or the resource
  "NSPAWN_STALE", // a newer change was made while this one was on its way
  "NSPAWN_ROLLED_BACK", // the change was taken back: not confirmed, or it would have cut the host off
  "NSPAWN_STEP_FAILED", // any other step on the host
  "NSPAWN_STATE_VERSION", // state written by a newer version
] as const;

/** Code of a {@link NspawnError}; docs/errors.md has what each one means and what to do. */
export type ErrorCode = (typeof errorCodes)[number];

/**
 * An error of this library: a message with what was found, what is allowed and what to do, and a code
 * (docs/errors.md).
 *
 * @example
 * ```ts
 * try {
 *   new nspawn.NspawnHost("home", {});
 * } catch (error) {
 *   if (error instanceof nspawn.NspawnError) console.error(error.code, error.path);
 * }
 * ```
 */
export class NspawnError extends Error {
  /** Code of the error, also at the end of the message in brackets. */
  readonly code: ErrorCode;
  /** Pulumi's mark of errors that a program ends with: their message is shown alone, without source text and trace. @internal */
  readonly __pulumiRunError = true;
  /** Path of the argument that the error is about, such as `networks[0].addresses[1]`; undefined if there is none. */
  readonly path?: string;

  /**
   * @param code code of the error
   * @param message the message without its code
   * @param options path of the argument, and the error that caused this one
   */
  constructor(
    code: ErrorCode,
    message: string,
    options: {
      /** Path of the argument. */
      path?: string;
      /** The error that caused this one. */
      cause?: unknown;
    } = {},
  ) {
    super(withCode(code, message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "NspawnError";
    this.code = code;
    this.path = options.path;
  }
}

const unreachable: ErrorCode[] = ["NSPAWN_UNREACHABLE", "NSPAWN_REFUSED", "NSPAWN_NAME_NOT_FOUND"];

/** Whether nothing was reached that could have said anything: the host may be off, gone, or still booting. */
export function isUnreachable(error: unknown): error is NspawnError {
  return error instanceof NspawnError && unreachable.includes(error.code);
}

/** A message with its code, as an error has it. */
export function withCode(code: ErrorCode, message: string): string {
  return `${message} [${code}]`;
}

/** The message without its code, to say more in another error. */
export function withoutCode(error: NspawnError): string {
  return error.message.replace(/ \[NSPAWN_[A-Z_]+\]$/, "");
}

/** What came from a host is refused: `what` is wrong with it. */
export function notOurs(what: string): NspawnError {
  const advice =
    "our program does not write this: something on the host prints into its output, such as a start-up file of the login shell, or the host is compromised; examine the host before you run `up` again";
  return new NspawnError("NSPAWN_REPORT", `${what}; ${advice}`);
}
