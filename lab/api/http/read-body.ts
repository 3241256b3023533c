import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error";

const LIMIT = 1024 * 1024;

/** The whole body as text; more than 1 MiB is refused. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT) throw new ApiError(413, "invalid_input", "the body is larger than 1 MiB", { fields: [] });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
