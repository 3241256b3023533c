import type { ActionRecord } from "../records/action-record";

type ActionView = Omit<ActionRecord, "locks" | "target">;

/** An action as the API shows it. */
export function actionView(record: ActionRecord): ActionView {
  const { id, command, status, progress, started, finished, resources, error } = record;
  return { id, command, status, progress, started, finished, resources, error };
}
