/** A resource as `pulumi stack export` prints it. */
export interface StackResource {
  urn: string;
  type: string;
  id?: string;
  parent?: string;
  /** What a replacement has not deleted yet; its successor stands beside it under the same URN. */
  delete?: boolean;
  /** Set when a start failed: the resource exists, and the next `up` repairs it. */
  initErrors?: string[];
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** The resources of one stack. */
export interface Deployment {
  /** As the user selects it: `lab`, or `organization/project/lab`. */
  stack: string;
  resources: StackResource[];
}

/** The resources of a type, in the state's order; not those that only wait for their deletion. */
export function ofType(deployment: Deployment, type: string): StackResource[] {
  return deployment.resources.filter((resource) => resource.type === type && resource.delete !== true);
}
