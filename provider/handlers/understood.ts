import { NspawnError, notOurs, withoutCode } from "../errors";

/**
 * What a part of a report means. Whatever a host has put into it, the outcome is a value or an error of the table that
 * names the host.
 *
 * @param part for messages: `facts`
 */
export async function understood<T>(host: string, part: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NspawnError) {
      throw new NspawnError(error.code, `${host}: ${withoutCode(error)}`, { path: error.path, cause: error });
    }
    throw notOurs(`${host}: its ${part} cannot be read: ${(error as Error).message}`);
  }
}
