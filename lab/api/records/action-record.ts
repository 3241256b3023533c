/** One action. `locks` and `target` are the lab's own and are not shown by the API. */
export interface ActionRecord {
  id: number;
  command: string;
  status: "running" | "success" | "error";
  progress: number;
  started: string;
  finished: string | null;
  error: { code: string; message: string } | null;
  resources: { id: number; type: string }[];
  /** `server:1`, `floating_ip:2`: what nothing else may touch meanwhile. */
  locks: string[];
  /** The server that an address is on its way to; needed to finish the action after a restart. */
  target: number | null;
}
