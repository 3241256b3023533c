import type * as pulumi from "@pulumi/pulumi";

/**
 * The options of a component, so that its `retainOnDelete` holds for what is in it. Of a component's options the SDK
 * hands on `protect`, and not this one: what is below would be deleted although the program says otherwise.
 */
export function retained(options: pulumi.ComponentResourceOptions): pulumi.ComponentResourceOptions {
  const { retainOnDelete, transformations = [] } = options;
  if (retainOnDelete === undefined) return options;
  const handOn: pulumi.ResourceTransformation = ({ props, opts }) => ({ props, opts: { retainOnDelete, ...opts } });
  return { ...options, transformations: [...transformations, handOn] };
}
