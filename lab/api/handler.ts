import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Control } from "./control/control";
import type { Fault } from "./control/fault";
import type { LogEntry } from "./control/log-entry";
import { redact } from "./control/redact";
import type { World } from "./world";
import { ApiError } from "./http/api-error";
import { isAuthorized } from "./http/is-authorized";
import { missingCollection } from "./http/missing-collections";
import { parseBody } from "./http/parse-body";
import { readBody } from "./http/read-body";
import type { Reply } from "./http/reply";
import type { Router } from "./routing/router";

interface Visit {
  method: string;
  url: URL;
  text: string;
  fault?: Fault;
  entry?: LogEntry;
}

/** Takes requests: token, rate limit, faults, route, log, answer. */
export class Handler {
  constructor(
    private readonly world: World,
    private readonly router: Router,
    private readonly control: Control,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = Date.now();
    // Not resolved against a base: a path such as "//" would be read as a host.
    const url = new URL(`http://lab${(request.url ?? "/").replace(/^[^/].*/, "/")}`);
    const visit: Visit = { method: request.method ?? "GET", url, text: "" };
    const reply = await this.answer(request, visit).catch(errorReply);
    this.finish(visit.entry, reply, began);
    if (reply === "drop") request.socket.destroy();
    else this.send(response, reply);
  }

  private async answer(request: IncomingMessage, visit: Visit): Promise<Reply | "drop"> {
    visit.text = await readBody(request);
    if (visit.url.pathname.startsWith("/_lab/")) return this.dispatch(visit);
    this.remember(request, visit);
    if (!isAuthorized(request.headers.authorization, this.world.options.token)) {
      throw new ApiError(401, "unauthorized", "unable to authenticate");
    }
    if (!this.control.rateLimit.take()) {
      throw new ApiError(429, "rate_limit_exceeded", "limit of requests reached, try again later");
    }
    return this.suffer(visit);
  }

  /** Does what was asked, with the fault that waits for it. */
  private async suffer(visit: Visit): Promise<Reply | "drop"> {
    visit.fault = this.control.faults.take(visit.method, visit.url.pathname.replace(/^\/v1(?=\/)/, ""));
    if (visit.fault?.delayMs) await this.world.options.clock.sleep(visit.fault.delayMs);
    if (visit.fault?.drop === "before") return "drop";
    if (visit.fault?.status) return faultReply(visit.fault, visit.fault.status);
    const reply = await this.dispatch(visit);
    return visit.fault?.drop === "after" ? "drop" : reply;
  }

  private async dispatch(visit: Visit): Promise<Reply> {
    const { pathname: path, searchParams: query } = visit.url;
    const match = this.router.find(visit.method, path);
    if (match === "no-method") throw new ApiError(405, "method_not_allowed", `${visit.method} is not allowed here`);
    if (!match) throw noRoute(path);
    const body = parseBody(visit.text);
    const { method, fault } = visit;
    const call = { method, path, params: match.params, query, body, actionFault: fault?.actionError };
    const reply = await match.route.handle(call, this.world);
    if (visit.method !== "GET") this.world.store.save();
    return reply;
  }

  private remember(request: IncomingMessage, visit: Visit): void {
    const headers = Object.entries(request.headers).map(([name, value]) => [
      name,
      name === "authorization" ? "(redacted)" : String(value),
    ]);
    visit.entry = this.control.log.add({
      at: this.world.now(),
      method: visit.method,
      path: visit.url.pathname + visit.url.search,
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: loggedBody(visit.text),
      status: 0,
      took: 0,
      code: null,
    });
  }

  private finish(entry: LogEntry | undefined, reply: Reply | "drop", began: number): void {
    if (!entry) return;
    entry.took = Date.now() - began;
    if (reply === "drop") return;
    entry.status = reply.status;
    entry.code = (reply.body as { error?: { code?: string } } | undefined)?.error?.code ?? null;
  }

  private send(response: ServerResponse, reply: Reply): void {
    const headers = { ...this.control.rateLimit.headers(), "X-Correlation-Id": randomBytes(8).toString("hex") };
    if (reply.body === undefined) {
      response.writeHead(reply.status, headers).end();
      return;
    }
    const text = JSON.stringify(reply.body);
    const type = { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(text)) };
    response.writeHead(reply.status, { ...headers, ...type }).end(text);
  }
}

function loggedBody(text: string): unknown {
  if (text === "") return null;
  try {
    return redact(JSON.parse(text));
  } catch {
    return `(not JSON, ${text.length} characters)`;
  }
}

function faultReply(fault: Fault, status: number): Reply {
  if (!fault.code) return { status };
  const details = fault.code === "invalid_input" || fault.code === "uniqueness_error" ? { fields: [] } : null;
  const error = { code: fault.code, message: fault.message ?? "injected by the lab", details };
  return { status, body: { error } };
}

function noRoute(path: string): ApiError {
  const missing = missingCollection(path);
  return missing ? ApiError.unsupported(missing) : new ApiError(404, "not_found", `the lab has no route ${path}`);
}

function errorReply(error: unknown): Reply {
  if (!(error instanceof ApiError)) console.error("the lab's API failed:", error);
  const known =
    error instanceof ApiError ? error : new ApiError(500, "server_error", "the lab's API failed, see its log");
  const { code, message, details } = known;
  return { status: known.status, body: { error: { code, message, details } } };
}
