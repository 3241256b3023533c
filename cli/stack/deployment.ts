/** A resource as `pulumi stack export` prints it. */
export interface StackResource {
  urn: string;
  type: string;
  id?: string;
  parent?: string;
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

/** The resources of a type, in the state's order. */
export function ofType(deployment: Deployment, type: string): StackResource[] {
  return deployment.resources.filter((resource) => resource.type === type);
}
