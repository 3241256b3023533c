/** A file of others that wins over what is wanted. */
export type Override = { path: string } & (
  | { kind: "unit"; unit: string }
  | { kind: "setting"; setting: string }
  | { kind: "link"; link: string }
  | { kind: "address"; address: string }
);

const readFor = "is read for";

export function overrideLine(override: Override): string {
  const { path, kind } = override;
  switch (kind) {
    case "unit":
      return `${path} is in the place of ${override.unit}`;
    case "setting":
      return `${path} sets ${override.setting}`;
    case "link":
      return `${path} ${readFor} ${override.link} instead of ours`;
    case "address":
      return `${path} gives ${override.address} to the host`;
  }
}

/** Whether it is a file of networkd's that fits too many links. */
export const isForLink = (line: string): boolean => line.split(" ").slice(1).join(" ").startsWith(`${readFor} `);
