/** An interface that a machine has without an end on the host: its own macvlan on one of the host. */
export interface Inside {
  name: string;
  macvlan: string;
}

export const insideLine = ({ name, macvlan }: Inside): string => `${name} on ${macvlan}`;

/** Of a line that is wanted. */
export function parseInside(line: string): Inside {
  const [name = "", , macvlan = ""] = line.split(" ");
  return { name, macvlan };
}
