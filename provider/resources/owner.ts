import * as pulumi from "@pulumi/pulumi";

/** The id that every file of a resource carries on the host. It does not change with aliases or parents. */
export function ownerOf(kind: string, name: string): string {
  return `${pulumi.getProject()}/${pulumi.getStack()}/${kind}/${name}`;
}
