import * as pulumi from "@pulumi/pulumi";

/** The id that every file of a resource carries on the host. It does not change with aliases or parents. */
export function ownerOf(kind: string, name: string): string {
  return `${stackId()}/${kind}/${name}`;
}

/** The same for all resources of a stack. */
export const stackId = (): string => `${pulumi.getProject()}/${pulumi.getStack()}`;
