/** Hetzner's API, as the hcloud plugin of the stack asks it. */
export interface CloudApi {
  /** Secret. */
  token: string;
  /** `https://api.hetzner.cloud/v1` */
  endpoint: string;
}

/** Milliseconds for one answer. */
const deadline = 30_000;
/** Milliseconds for which an answer holds: a host's resources ask all at once. */
const holds = 30_000;

const asked = new Map<string, Promise<boolean>>();

/**
 * Whether the API says that there is no such server any more. Without an answer nobody knows, which is no.
 *
 * @param id of the server, a number
 */
export function isDeleted(id: string, api: CloudApi): Promise<boolean> {
  const known = asked.get(id);
  if (known !== undefined) return known;
  const answer = ask(id, api);
  asked.set(id, answer);
  setTimeout(() => asked.delete(id), holds).unref();
  return answer;
}

async function ask(id: string, { token, endpoint }: CloudApi): Promise<boolean> {
  try {
    const reply = await fetch(`${endpoint.replace(/\/+$/, "")}/servers/${id}`, {
      headers: { Authorization: `Bearer ${token}` },
      redirect: "error",
      signal: AbortSignal.timeout(deadline),
    });
    if (reply.status !== 404) return false;
    const { error } = JSON.parse((await reply.text()).slice(0, 65_536)) as { error?: { code?: string } };
    return error?.code === "not_found";
  } catch {
    return false;
  }
}
