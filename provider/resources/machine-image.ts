import * as pulumi from "@pulumi/pulumi";
import { machineImageDefaults } from "../model/defaults";
import { parseMachineImage } from "../model/parse-machine-image";
import type { Problem } from "../model/problem";
import { asWritten } from "../model/written";
import { withDefaults } from "./defaults";
import { claim } from "./duplicates";
import { MachineImageResource } from "./dynamic";
import type { Host } from "./host";
import { madeBy, type MachineImageSource } from "./image";
import type { NspawnMachine } from "./nspawn-machine";
import { ownerOf } from "./owner";
import { lookedAt } from "./refusals";
import { retained } from "./retained";
import { unknownArguments, type ArgumentNames } from "./unknown-arguments";

/** Arguments of {@link MachineImage}. */
export interface MachineImageArgs {
  /** The host that has the machine, and gets the image. */
  host: Host;
  /** The machine that is published: one of this program, on the same host. */
  source: NspawnMachine;
  /** What the image is called on its host. Default: the resource's name. */
  name?: string;
  /**
   * What this state of the machine is called. The image is made once for each name and version; another version publishes the
   * machine as it is then, and replaces machines that are made of it. Letters, digits, `.`, `_`, `+`, `-`. Default `1`.
   */
  version?: string;
  /**
   * Publish the machine also while it runs, file by file, although files that are written meanwhile need not fit together.
   * Without effect where a snapshot is made (storage of type `btrfs`). Default false: it has to be stopped.
   */
  live?: pulumi.Input<boolean>;
  /** Leave the image on the host when the resource goes. Default false. */
  keep?: pulumi.Input<boolean>;
}

const machineImageNames: ArgumentNames<MachineImageArgs> = {
  ...{ host: true, source: true, name: true, version: true, live: true, keep: true },
};

/**
 * An image of its host that is made of a machine: what somebody has set up in one, to begin others with. The machine stays as it
 * is. What identifies it is left out: machine-id, SSH host keys, host name, resolvers, the files that this library wrote into it,
 * authorized keys, root's password, its journal (docs/images.md). What else is in it, secrets included, gets into each machine of
 * the image.
 *
 * Changes on the host: a directory among the images, and `/var/lib/pulumi-nspawn/published/<hash>`.
 *
 * Errors (docs/errors.md): `NSPAWN_INVALID_INPUT`, `NSPAWN_IMAGE` (the machine runs, or has what no image may have),
 * `NSPAWN_OWNED` (it is deleted while machines are made of it), `NSPAWN_DISK_FULL`.
 *
 * @example
 * ```ts
 * const br0 = new nspawn.BridgeNetwork("br0", { host });
 * const golden = new nspawn.MachineImage("golden", { host, source: web, version: "2" });
 * const copy = new nspawn.NspawnMachine("copy", {
 *   host,
 *   networks: [{ network: br0, addresses: [br0.ipv6For("copy")] }],
 *   image: golden.image,
 * });
 * ```
 */
export class MachineImage extends pulumi.ComponentResource {
  /** Where machines come from that are made of it: their `image`. */
  readonly image: MachineImageSource;
  /** SHA-256 sum of what was copied of the machine, 64 hexadecimal digits. */
  readonly fingerprint: pulumi.Output<string>;
  /** Bytes of the files in it. */
  readonly bytes: pulumi.Output<number>;
  /** When it was made, `2026-12-01T16:20:00Z`. */
  readonly date: pulumi.Output<string>;

  /**
   * @param name unique name of the resource, and of the image unless `name` is given
   * @param args host and machine
   * @param options Pulumi's resource options; `retainOnDelete` also applies to the resource below
   */
  constructor(name: string, args: MachineImageArgs, options: pulumi.ComponentResourceOptions = {}) {
    super("nspawn:index:MachineImage", name, {}, retained(options));
    const { host, source } = args;
    const {
      name: called,
      version,
      live,
      keep,
    } = withDefaults({ ...args, name: args.name ?? name }, machineImageDefaults);
    const claimant = `MachineImage "${name}"`;
    const claimed = claim(`image ${called} of version ${version} on ${host.ref.id}`, claimant);
    const inputs = {
      ...{ stateVersion: 1, owner: ownerOf("image", name), host: host.ref },
      ...{ connection: host.connection, credentials: host.credentials, secretFiles: pulumi.secret({}) },
      ...{ name: called, version, live, keep },
      source: { owner: source.owner, machine: source.machineName },
    };
    const looked = lookedAt(
      claimant,
      inputs,
      (plain) => problemsOf(plain, args),
      claimed === undefined ? [] : [claimed],
    );
    const resource = new MachineImageResource(name, looked, {
      parent: this,
      dependsOn: [host.prepared ?? [], source].flat(),
      deletedWith: host.deletedWith,
    });
    this.image = madeBy(resource, { kind: "published", name: called, version });
    this.fingerprint = resource.fingerprint;
    this.bytes = resource.bytes;
    this.date = resource.date;
    this.registerOutputs({ fingerprint: this.fingerprint, date: this.date });
  }
}

/** What is the host's own is told by the host. */
const notOurs = /^(connection|credentials|host|owner|ownUrn)\b/;

function problemsOf(inputs: object, args: MachineImageArgs): Problem[] {
  const parsed = parseMachineImage(inputs);
  const found = parsed.ok ? [] : parsed.problems.filter(({ path }) => !notOurs.test(path));
  const { host, source } = args;
  const elsewhere = {
    path: "source",
    message: `must be a machine on the image's own host (got ${source.machineName} on ${source.hostId}, host is ${host.ref.id})`,
  };
  return [
    ...unknownArguments(args, machineImageNames),
    ...asWritten("MachineImage", inputs, found),
    ...(source.hostId === host.ref.id ? [] : [elsewhere]),
  ];
}
