import type { LabApi, ApiOptions } from "../../lab/api";
import { createApi } from "../../lab/api";
import { MemoryBackend } from "./memory-backend";
import type { Json } from "./json";

export const TOKEN = "lab".padEnd(64, "0");

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

/** An API over a backend in memory, and a bare client for it. */
export class TryApi {
  /** Called with every answer. */
  seen: (method: string, path: string, sent: unknown, answer: Answer) => void = () => undefined;

  private constructor(
    readonly api: LabApi,
    readonly backend: MemoryBackend,
    readonly endpoint: string,
  ) {}

  static async start(
    options: Partial<ApiOptions> = {},
    statePath?: string,
    backend = new MemoryBackend(),
  ): Promise<TryApi> {
    const api = createApi({ backend, statePath, options: { token: TOKEN, actionDelayMs: 20, ...options } });
    const { endpoint } = await api.listen("127.0.0.1", 0);
    return new TryApi(api, backend, endpoint);
  }

  async call(method: string, path: string, body?: unknown, token = TOKEN): Promise<Answer> {
    const answer = await this.send(this.endpoint + path, method, body, { authorization: `Bearer ${token}` });
    this.seen(method, path, body, answer);
    return answer;
  }

  /** A route below /_lab. */
  async lab(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send(this.endpoint.replace(/\/v1$/, "/_lab") + path, method, body, {});
  }

  /** Sends, expects success, and waits for every action of the answer. */
  async done(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const { action, actions = [], next_actions = [] } = answer.body ?? {};
    for (const one of [action, ...actions, ...next_actions].filter(Boolean)) {
      const ended = await this.ended(one.id);
      if (ended.status === "error") throw new Error(`${one.command}: ${ended.error.message}`);
    }
    return answer.body;
  }

  async ended(id: number): Promise<Json> {
    for (let tries = 0; tries < 300; tries++) {
      const { body } = await this.call("GET", `/actions?id=${id}&page=1&sort=status&sort=id`);
      if (body.actions[0].status !== "running") return body.actions[0];
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`action ${id} never ended`);
  }

  /** A server of the smallest kind, running. */
  async server(name: string, more: object = {}): Promise<Json> {
    const { server } = await this.done("POST", "/servers", { name, server_type: "cx23", image: "debian-12", ...more });
    return (await this.call("GET", `/servers/${server.id}`)).body.server;
  }

  private async send(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const response = await fetch(url, {
      method,
      body: text,
      headers: { ...headers, "content-type": "application/json" },
    });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, body: answer === "" ? undefined : JSON.parse(answer) };
  }
}
