import type { ActionRecord } from "../records/action-record";

/** What an action is to do. */
export interface ActionPlan {
  command: string;
  resources: ActionRecord["resources"];
  locks?: string[];
  target?: number | null;
  /** Starts when this one is done, and fails when it failed. */
  after?: ActionRecord;
  /** Runs when the action's turn has come. */
  begin?(): void;
  /** The action succeeds when this settles. */
  work?(): Promise<void> | void;
  /** Puts things right after a failure. */
  failed?(): Promise<void> | void;
}
