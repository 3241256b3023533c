import * as pulumi from "@pulumi/pulumi";
import { secretNames } from "../model/secret-names";

/** The handlers that a delegate may name: the exports of `pulumi-nspawn/provider`. */
type HandlerName = "hostKey" | "nspawnHost" | "bridgeNetwork" | "floatingIp" | "machineImage" | "nspawnMachine";

/**
 * The provider text that goes into state: a constant that names the package and the handler, never code, so old
 * state always runs the installed version (docs/state.md). The only place that names `pulumi-nspawn/provider`.
 */
export function providerText(handler: HandlerName): string {
  return `exports.handler=()=>require("pulumi-nspawn/provider").${handler}`;
}

/** The plain value: as an output it would depend on the parent, and so on this very resource. */
function withoutDependencies(urn: pulumi.Output<string>): Promise<string> {
  return new Promise((resolve) => urn.apply(resolve));
}

/** A dynamic resource whose handlers live in the installed package. */
export abstract class Delegate extends pulumi.CustomResource {
  protected constructor(
    type: string,
    handler: HandlerName,
    name: string,
    args: pulumi.Inputs,
    options: pulumi.CustomResourceOptions,
  ) {
    const token = `pulumi-nodejs:dynamic/nspawn:${type}`;
    const properties: pulumi.Inputs = { ...args, __provider: providerText(handler) };
    if (options.id === undefined)
      properties.ownUrn = withoutDependencies(pulumi.createUrn(name, token, options.parent));
    const additionalSecretOutputs = [...secretNames, ...(options.additionalSecretOutputs ?? [])];
    super(token, name, properties, { ...options, additionalSecretOutputs });
  }
}
