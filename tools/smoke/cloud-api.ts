import { setTimeout as sleep } from "node:timers/promises";

interface Page {
  meta?: { pagination?: { next_page: number | null } };
}

interface Failure {
  error?: { code?: string; message?: string };
}

/** Hetzner's API, as far as a smoke run asks it by itself: prices, and whether anything is left. */
export class CloudApi {
  constructor(
    readonly endpoint: string,
    private readonly token: string,
  ) {}

  /** The answer's JSON. Throws with the API's own code and message; the token is in neither. */
  async request<T>(method: "GET" | "DELETE", path: string): Promise<T> {
    const reply = await this.answer(method, path);
    const text = await reply.text();
    const body = (text === "" ? {} : parsed(text)) as T & Failure;
    if (reply.ok) return body;
    const { code = "no code", message = text.slice(0, 200) } = body.error ?? {};
    const hint = reply.status === 401 ? "; HCLOUD_TOKEN is not a token of any project, or was revoked" : "";
    throw new ApiError(reply.status, `${method} ${path}: ${reply.status} ${code}: ${message}${hint}`);
  }

  /** All entries of a list, over all its pages. */
  async list<T>(path: string, key: string): Promise<T[]> {
    const entries: T[] = [];
    for (let page: number | null = 1; page !== null;) {
      const separator = path.includes("?") ? "&" : "?";
      const body: Page & Record<string, unknown> = await this.request(
        "GET",
        `${path}${separator}page=${page}&per_page=50`,
      );
      entries.push(...((body[key] ?? []) as T[]));
      page = body.meta?.pagination?.next_page ?? null;
    }
    return entries;
  }

  private async answer(method: string, path: string): Promise<Response> {
    const headers = { Authorization: `Bearer ${this.token}` };
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await fetch(`${this.endpoint}${path}`, { method, headers, signal: AbortSignal.timeout(30_000) });
        if (attempt >= 5 || (reply.status !== 429 && reply.status < 500)) return reply;
      } catch (error) {
        const reason = error instanceof Error ? (error.cause ?? error) : error;
        if (attempt >= 5) throw new Error(`${this.endpoint} does not answer: ${String(reason)}`, { cause: error });
      }
      await sleep(1000 * attempt);
    }
  }
}

/** An answer that is not a good one. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
