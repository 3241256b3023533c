import { NspawnError } from "../errors";
import type { MachineArgs, TarballArgs } from "../model/args";
import { imageHash } from "../model/image";
import { planArchive, planArchiveWanted } from "../plan/plan-archive";
import { localArchive } from "../remote/local-archive";
import { readWhere } from "../remote/secret-file";
import { sendFile } from "../remote/send-file";
import type { Session } from "../remote/session";
import { sessionOf } from "../remote/sessions";
import { withAdvice } from "./gone";
import { show } from "./progress";
import { targetOf } from "./target-of";
import { usual, type HostAccess } from "./update";

/** The newest call for each image of a host: several machines of one image ask one after the other. */
const queues = new WeakMap<Session, Map<string, Promise<void>>>();

/**
 * Sends the archive of a machine's image from where the program runs, when the host has neither the image nor the machine: once
 * for each host and content. The host makes the image of it by the same steps as of any archive.
 */
export function bringArchive(args: MachineArgs): Promise<void> {
  const { image } = args;
  if (image.kind !== "tarball" || image.localPath === undefined) return Promise.resolve();
  const session = sessionOf(targetOf(args.connection, args.credentials));
  const queue = queues.get(session) ?? new Map<string, Promise<void>>();
  queues.set(session, queue);
  const hash = imageHash(image);
  const send = (): Promise<void> =>
    sendUnlessThere(session, args, image).catch(async (error: unknown) => {
      throw await withAdvice(error, args);
    });
  const sent = (queue.get(hash) ?? Promise.resolve()).then(send, send);
  queue.set(hash, sent);
  return sent;
}

/** How an update reaches the host, which has what the machine is made of by then. */
export async function withArchive(args: MachineArgs): Promise<HostAccess> {
  await bringArchive(args);
  return usual(args);
}

async function sendUnlessThere(session: Session, args: MachineArgs, image: TarballArgs): Promise<void> {
  const progress = (text: string): void => show(args.ownUrn, text);
  const asked = await session.apply(planArchiveWanted(args), { progress });
  if (asked.failure !== undefined) throw asked.failure;
  if (asked.results.get("wanted")?.toString("latin1").trim() !== "yes") return;
  const path = image.localPath ?? "";
  const bytes = await sizeOf(path, image.sha256);
  const began = Date.now();
  let told = 0;
  const passed = (now: number): void => {
    if (Date.now() - told < 500) return;
    told = Date.now();
    progress(howFar(now, bytes, (told - began) / 1000));
  };
  const { failure, warnings } = await sendFile(session, planArchive(args, bytes), path, { progress, passed });
  for (const warning of warnings) show(args.ownUrn, warning, "warning");
  if (failure !== undefined) throw failure;
}

/** The file may have changed, or gone, since it was looked at. */
async function sizeOf(path: string, sum: string): Promise<number> {
  const refuse = (why: string): NspawnError =>
    new NspawnError("NSPAWN_IMAGE", `the host has no image of ${path} yet, and the file cannot be sent: ${why}`);
  const found = await localArchive(path).catch((error: unknown) => {
    throw refuse(`${(error as Error).message}; ${readWhere}`);
  });
  if (found.sha256 !== sum) throw refuse(`its sum is ${found.sha256} by now, expected is ${sum}; run \`up\` again`);
  return found.bytes;
}

/** How far it is, and how long it takes; what has gone is on its way, a few of these bytes still in buffers. */
export function howFar(now: number, bytes: number, seconds: number): string {
  const megabytes = (some: number): string => `${(some / 1e6).toFixed(some < 1e7 ? 1 : 0)} MB`;
  const left = now > 0 && seconds >= 1 ? `, about ${Math.ceil((seconds * (bytes - now)) / now)} s left` : "";
  return `sending the image: ${megabytes(now)} of ${megabytes(bytes)}, ${Math.floor((100 * now) / bytes)} %${left}`;
}
