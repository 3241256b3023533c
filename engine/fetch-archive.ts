import { Readable } from "node:stream";
import { messageOf } from "./message-of";

/** A site that cannot be reached: nothing else is asked of it in this run. */
export class SiteUnreachable extends Error {}

export interface Fetch {
  url: string;
  /** Seconds that the site may take to answer, and to send the next bytes. */
  seconds: number;
  progress?: (got: number, total: number | undefined) => void;
  signal?: AbortSignal;
}

/** Below this rate, after `seconds`, a transfer counts as stuck: 100 MB would take hours. Bytes per second. */
const leastRate = 10_000;

/** Opens a download. Throws SiteUnreachable when there is no answer in time, and an Error for an answer other than 200. */
export async function fetchArchive(order: Fetch): Promise<Readable> {
  const stop = new AbortController();
  const signal = order.signal ? AbortSignal.any([order.signal, stop.signal]) : stop.signal;
  const answer = await firstAnswer(order, signal, stop);
  if (!answer.ok || answer.body === null) {
    stop.abort();
    throw new Error(`${order.url} answered ${answer.status}`);
  }
  const total = Number(answer.headers.get("content-length")) || undefined;
  return watched(Readable.fromWeb(answer.body), order, total, stop);
}

async function firstAnswer(order: Fetch, signal: AbortSignal, stop: AbortController): Promise<Response> {
  const timer = setTimeout(() => stop.abort(), order.seconds * 1000);
  try {
    return await fetch(order.url, { signal });
  } catch (error) {
    order.signal?.throwIfAborted();
    throw new SiteUnreachable(unreachable(order, error, stop.signal.aborted), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function unreachable({ url, seconds }: Fetch, error: unknown, late: boolean): string {
  const site = new URL(url).host;
  if (late) return `${site} did not answer within ${seconds} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `${site} cannot be reached (${messageOf(cause)})`;
}

function watched(
  body: Readable,
  { url, seconds, progress }: Fetch,
  total: number | undefined,
  stop: AbortController,
): Readable {
  const begin = Date.now();
  let [got, seen] = [0, 0];
  const watch = setInterval(() => {
    const slow = got < ((Date.now() - begin) / 1000) * leastRate;
    if (got === seen || slow)
      body.destroy(new SiteUnreachable(`${new URL(url).host} stopped sending after ${got} bytes`));
    seen = got;
  }, seconds * 1000);
  body.on("data", (chunk: Uint8Array) => progress?.((got += chunk.length), total));
  body.on("close", () => {
    clearInterval(watch);
    stop.abort();
  });
  return body.pause();
}
