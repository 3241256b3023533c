import type { World } from "../world";
import type { Call } from "./call";
import type { Reply } from "./reply";

/** `path` has `:name` for a segment that varies. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  handle(call: Call, world: World): Reply | Promise<Reply>;
}
