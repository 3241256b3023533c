/** A routing rule (ip-rule(8)) for what comes in by a link. */
export interface Rule {
  priority: number;
  /** What else it asks of a packet: `from 10.0.0.0/8`. */
  also?: string;
  link: string;
  /** `lookup main suppress_prefixlength 0`, `unreachable`. */
  action: string;
}

export const ruleLine = ({ priority, also, link, action }: Rule): string =>
  `${priority} ${also === undefined ? "" : `${also} `}iif ${link} ${action}`;

export function parseRule(line: string): Rule {
  const [, priority = "0", also, link = "", action = ""] = /^(\d+) (?:(.*?) )?iif (\S+) (.*)$/.exec(line) ?? [];
  const rule = { priority: Number(priority), link, action };
  return also === undefined ? rule : { ...rule, also };
}
