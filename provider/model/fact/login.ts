/** A key that logs in. */
export interface Login {
  user: string;
  /** A line of authorized_keys. */
  key: string;
}

export const loginLine = ({ user, key }: Login): string => `${user}: ${key}`;

export function parseLogin(line: string): Login {
  const at = line.indexOf(": ");
  return { user: line.slice(0, at), key: line.slice(at + 2) };
}
