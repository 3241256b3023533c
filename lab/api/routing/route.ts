import type { World } from "../world";
import type { Call } from "../http/call";
import type { Reply } from "../http/reply";

/** `path` has `:name` for a segment that varies. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  handle(call: Call, world: World): Reply | Promise<Reply>;
}
