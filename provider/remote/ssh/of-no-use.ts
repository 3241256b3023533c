import { NspawnError } from "../../errors";
import { printableLine } from "../../model/read/printable";

/** Who logged in where. */
export interface Login {
  host: string;
  port: number;
  user: string;
}

/** Characters of what a login says, in an error. */
const most = 600;

/** What logins say that run nothing, and what helps. */
const advices: [RegExp, (login: Login, words: RegExpExecArray) => string][] = [
  [
    /password[^\n]{0,40}expired|(password change required|change your password)/i,
    ({ host, port, user }) =>
      `give ${user} a new password (\`ssh -p ${port} ${user}@${host}\` in a terminal), or make the server with sshKeys, so that it has none that expires`,
  ],
  [
    /login as the user "([^"\s]{1,64})"/i,
    (_login, [, name]) => `set ssh.user to "${name}", which becomes root by sudo`,
  ],
  [
    /currently not available|nologin|git-shell|sftp connections only/i,
    ({ user }) => `give ${user} a shell that runs commands (chsh -s /bin/bash), or another login as ssh.user`,
  ],
];

const usual = ({ host, port, user }: Login): string =>
  `\`ssh -p ${port} ${user}@${host} true\` must succeed and print nothing: look at the start-up files of the login's shell (.bashrc, .zshenv), its command in authorized_keys, ForceCommand in sshd_config, and sudo`;

/**
 * The error for a login that is let in and runs nothing of ours.
 *
 * @param what its verb and what follows: `ended with exit status 1`
 * @param said its own words, unread so far
 */
export function ofNoUse(login: Login, what: string, said: string): NspawnError {
  const [advice] = advices.flatMap(([words, help]) => {
    const found = words.exec(said);
    return found === null ? [] : [help(login, found)];
  });
  const words = said === "" ? "it said nothing" : `it said: ${quoted(said)}`;
  const { host, user } = login;
  return new NspawnError(
    "NSPAWN_LOGIN",
    `${host} let ${user} in, but the login is of no use: it ${what}; ${words}; nothing was sent to it and nothing was changed; ${printableLine(advice ?? usual(login), 400)}`,
  );
}

/** A text of a server as one line in quotes. */
export function quoted(said: string): string {
  return `"${printableLine(said.trim().replace(/\s*\n\s*/g, " / "), most)}"`;
}
