import type { Facts } from "../../provider/observe/facts/facts";
import type { PathFacts } from "../../provider/observe/path/path-facts";

/** What was found on one host, in one look: the library's own facts, and the path to the machines that were asked for. */
export interface Found {
  facts: Facts;
  path: PathFacts;
}
