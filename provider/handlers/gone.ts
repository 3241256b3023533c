import { isUnreachable, NspawnError, withoutCode } from "../errors";
import type { CommonArgs } from "../model/args";
import { isDeleted } from "../remote/cloud-server";
import type { CallOptions, Session } from "../remote/session";
import { sessionOf } from "../remote/sessions";
import { show } from "./progress";
import { configuredCloud } from "./stack-config";
import { targetOf } from "./target-of";

/** Seconds of silence that are enough where the program says that silence means the end. */
const forgetPatience = 20;
/** Milliseconds of silence after which Hetzner is asked whether there is such a server at all. */
const silence = 5000;

/** The host is no more, and nothing of ours is on it: not an error of the table, but an answer. */
export class HostIsGone extends Error {}

/** Hosts, by instance, of which the program of this run says that silence means the end; state may not know it yet. */
const givenUp = new Set<string>();

/** What `check` sees of the program, before anything is asked of a host. */
export function learnGivenUp({ host, connection }: CommonArgs): void {
  if (connection.forgetUnreachable === true) givenUp.add(host.instance);
}

/** Whether silence of this host means that it is gone for good. */
function isGivenUp({ host, connection }: CommonArgs): boolean {
  return connection.forgetUnreachable === true || givenUp.has(host.instance);
}

/** Whether Hetzner says that the server is no more; of any other host nobody can say so. */
async function isServerDeleted({ host }: CommonArgs): Promise<boolean> {
  const cloud = configuredCloud();
  return cloud !== undefined && /^\d+$/.test(host.instance) && (await isDeleted(host.instance, cloud));
}

/**
 * The outcome of what asks a host, or that the host is no more: Hetzner says that its server is deleted, asked as soon as
 * SSH is silent or somebody else answers there, or it is silent and the program says that this means the end.
 *
 * @throws HostIsGone
 */
export async function unlessGone<T>(
  args: CommonArgs,
  work: (session: Session, options: CallOptions) => Promise<T>,
): Promise<T> {
  const session = sessionOf(targetOf(args.connection, args.credentials));
  const progress = (text: string): void => show(args.ownUrn, text);
  const options = { patience: isGivenUp(args) ? forgetPatience : undefined, progress };
  try {
    await openUnlessDeleted(session, options, args);
    return await work(session, options);
  } catch (error) {
    throw await whyGone(error, args);
  }
}

/** Of a server that lets in soon nobody asks. */
async function openUnlessDeleted(session: Session, options: CallOptions, args: CommonArgs): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deleted = new Promise<never>((_, reject) => {
    const ask = async (): Promise<void> => {
      if (await isServerDeleted(args)) reject(ofServer(args));
    };
    timer = setTimeout(() => void ask(), silence);
  });
  try {
    await Promise.race([session.open(options), deleted]);
  } finally {
    clearTimeout(timer);
  }
}

const nobodyOfOurs = ["NSPAWN_HOST_KEY", "NSPAWN_LOGIN", "NSPAWN_ALGORITHMS"];

/** Whether an error says that nobody of ours answers, and Hetzner why. */
async function isOfDeleted(error: NspawnError, args: CommonArgs): Promise<boolean> {
  return (nobodyOfOurs.includes(error.code) || isUnreachable(error)) && (await isServerDeleted(args));
}

async function whyGone(error: unknown, args: CommonArgs): Promise<unknown> {
  if (!(error instanceof NspawnError)) return error;
  if (await isOfDeleted(error, args)) return ofServer(args);
  if (!isUnreachable(error) || !isGivenUp(args)) return error;
  // A jump host that does not answer says nothing of the host behind it.
  const { host, proxy } = args.connection;
  if (proxy !== undefined) await sessionOf(targetOf(proxy, args.credentials.proxy)).open({ patience: forgetPatience });
  return new HostIsGone(`${host} cannot be reached; if it comes back, what it holds of ours is still there`);
}

function ofServer({ host }: CommonArgs): HostIsGone {
  return new HostIsGone(`Hetzner has no server ${host.instance} any more, and what was on it is lost with it`);
}

/** What becomes of something that was on a host that is gone: a warning on its row. Any other error goes on. */
export function goneOrThrow(error: unknown, { ownUrn }: CommonArgs, then: string): void {
  if (!(error instanceof HostIsGone)) throw error;
  show(ownUrn, `${then}: ${error.message}`, "warning");
}

/** A change that found no host says what creates it again, where its server is deleted. */
export async function withAdvice(error: unknown, args: CommonArgs): Promise<unknown> {
  if (!(error instanceof NspawnError) || !(await isOfDeleted(error, args))) return error;
  const advice = `${ofServer(args).message}; run \`pulumi up --refresh\`, which creates the server again, and everything on it, empty`;
  return new NspawnError(error.code, `${withoutCode(error)}; ${advice}`, { cause: error });
}
