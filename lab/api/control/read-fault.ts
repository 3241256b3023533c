import type { ActionFault } from "../http/action-fault";
import { Fields } from "../http/fields";
import type { Fault } from "./fault";

/** Checks the body of `POST /_lab/faults`. */
export function readFault(body: Record<string, unknown>): Fault {
  const fields = new Fields(body);
  const match = new Fields(fields.object("match"));
  const path = match.string("path");
  if (!path?.startsWith("/")) fields.reject("match.path", "expected a path such as /servers/*/actions/poweroff");
  const fault: Fault = {
    match: { method: match.string("method")?.toUpperCase(), path: (path ?? "").replace(/^\/v1(?=\/)/, "") },
    times: fields.integer("times") ?? 1,
    status: fields.integer("status"),
    code: fields.string("code"),
    message: fields.string("message"),
    actionError: actionError(fields),
    delayMs: fields.integer("delayMs"),
    drop: fields.raw("drop") === true ? "before" : fields.oneOf("drop", ["before", "after"] as const),
  };
  for (const [name, problem] of problems(fault)) fields.reject(name, problem);
  fields.check();
  return fault;
}

function* problems({ times, status, code, actionError, delayMs, drop }: Fault): Generator<[string, string]> {
  if (times < 1) yield ["times", "has to be at least 1"];
  if (status !== undefined && (status < 400 || status > 599)) yield ["status", "has to be from 400 to 599"];
  if (code && status === undefined) yield ["code", "needs a status"];
  if ([status, delayMs, drop, actionError].every((effect) => effect === undefined)) {
    yield ["match", "without status, actionError, delayMs or drop nothing would happen"];
  }
}

/** `"code"`, or `{code, message?, command?}`. */
function actionError(fields: Fields): ActionFault | undefined {
  const raw = fields.raw("actionError");
  if (typeof raw === "string") return { code: raw, message: "injected by the lab" };
  if (!fields.has("actionError")) return undefined;
  const inner = new Fields(fields.object("actionError"));
  const code = inner.string("code") ?? "action_failed";
  return { code, message: inner.string("message") ?? "injected by the lab", command: inner.string("command") };
}
