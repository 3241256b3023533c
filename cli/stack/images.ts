import type { ConnectionArgs, CredentialsArgs, ImageArgs, MachineImageArgs } from "../../provider/model/args";
import { imageHash } from "../../provider/model/image";
import { hostArgs, machineArgs, machineImageArgs } from "./arguments";
import { ofType, type Deployment } from "./deployment";
import { imageWord } from "./image-word";

/** A host of a stack, and what its state says of images there. */
export interface ImageHost {
  name: string;
  stack: string;
  connection: ConnectionArgs;
  credentials: CredentialsArgs;
  /** Where an image comes from, by its name on the host. */
  sources: Map<string, string>;
  /** Machines that are made of it, by its name on the host. */
  machines: Map<string, string[]>;
}

const typeOf = (name: string): string => `pulumi-nodejs:dynamic/nspawn:${name}`;

/** All hosts of a stack: those that it has prepared, and those of others that it has machines on. */
export function imageHostsOf(deployment: Deployment): ImageHost[] {
  const hosts = new Map<string, ImageHost>();
  const hostOf = (
    id: string,
    { connection, credentials }: Pick<ImageHost, "connection" | "credentials">,
  ): ImageHost => {
    const name = id.split("/").at(-1) ?? id;
    const fresh = { name, stack: deployment.stack, connection, credentials, sources: new Map(), machines: new Map() };
    const host = hosts.get(id) ?? fresh;
    hosts.set(id, host);
    return host;
  };
  for (const args of ofType(deployment, typeOf("NspawnHost")).map(hostArgs)) hostOf(args.owner, args);
  for (const args of ofType(deployment, typeOf("NspawnMachine")).map(machineArgs)) {
    const { sources, machines } = hostOf(args.host.id, args);
    const hash = imageHash(args.image);
    sources.set(hash, wordsOf(args.image));
    machines.set(hash, [...(machines.get(hash) ?? []), args.name]);
  }
  for (const args of ofType(deployment, typeOf("MachineImage")).map(machineImageArgs))
    hostOf(args.host.id, args).sources.set(imageHash(publishedOf(args)), wordsOf(publishedOf(args)));
  return [...hosts.values()];
}

const publishedOf = ({ name, version }: MachineImageArgs): ImageArgs => ({ kind: "published", name, version });

const wordsOf = (image: ImageArgs): string => `${imageWord(image)} (${image.kind})`;
