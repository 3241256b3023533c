/** The programs that make an engine for Node.js programs with Hetzner resources; the name is the program's file name. */
export const parts = [
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-pulumi-nodejs",
  "pulumi-resource-hcloud",
] as const;

export type PartName = (typeof parts)[number];
