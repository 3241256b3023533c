import type { ApiOptions } from "../api-options";
import { ApiError } from "../http/api-error";
import type { Store } from "../state/store";
import type { ActionFault } from "../http/action-fault";
import type { ActionPlan } from "./action-plan";
import type { ActionRecord } from "../records/action-record";

/** Keeps the state file small: finished actions beyond this are forgotten, the oldest first. */
const KEPT = 2000;

/** Kinds of which a change during another one is answered with `conflict`: programs change several parts of them side by side. */
const RETRIED = ["network", "load_balancer"];

/** Runs actions in the background and knows what they lock. */
export class ActionRunner {
  private readonly running = new Map<number, Promise<void>>();
  private closing = false;

  constructor(
    private readonly store: Store,
    private readonly options: ApiOptions,
  ) {}

  /** Throws `locked` or `conflict` when something that the plan locks is locked, unless by the action that it follows. */
  start(plan: ActionPlan, fault?: ActionFault): ActionRecord {
    if (!plan.after) this.assertFree(plan.locks ?? []);
    const record: ActionRecord = {
      id: this.store.newId(),
      command: plan.command,
      status: "running",
      progress: 0,
      started: this.options.clock.now().toISOString(),
      finished: null,
      error: null,
      resources: plan.resources,
      locks: plan.locks ?? [],
      target: plan.target ?? null,
    };
    this.store.state.actions.push(record);
    this.forgetOld();
    this.store.save();
    this.resume(record, plan, fault);
    return record;
  }

  /** Runs (again) an action whose record exists. */
  resume(record: ActionRecord, plan: ActionPlan, fault?: ActionFault): void {
    const applies = fault && (fault.command ?? record.command) === record.command;
    const run = this.run(record, plan, applies ? fault : undefined).finally(() => this.running.delete(record.id));
    this.running.set(record.id, run);
  }

  isLocked(lock: string): boolean {
    return this.store.state.actions.some((action) => action.status === "running" && action.locks.includes(lock));
  }

  /** Throws when an action holds one of these: `conflict` for what clients change side by side, `locked` for the rest. */
  assertFree(locks: string[]): void {
    const held = locks.find((lock) => this.isLocked(lock));
    if (held === undefined) return;
    const kind = held.slice(0, held.indexOf(":"));
    const what = kind.replace("_", " ");
    throw RETRIED.includes(kind) ? ApiError.conflict(what) : ApiError.locked(what);
  }

  /** Throws `conflict` when an action on this resource runs: what a PUT meets. */
  assertUnchanged(type: string, id: number): void {
    const isBusy = this.store.state.actions.some(
      ({ status, resources }) => status === "running" && resources.some((r) => r.type === type && r.id === id),
    );
    if (isBusy) throw ApiError.conflict(type.replaceAll("_", " "));
  }

  fail(record: ActionRecord, code: string, message: string): void {
    this.settle(record, { code, message });
  }

  /** Lets the work under way come to its end; what only waits stays `running` in the state file. */
  async close(): Promise<void> {
    this.closing = true;
    await Promise.allSettled(this.running.values());
  }

  private async run(record: ActionRecord, plan: ActionPlan, fault?: ActionFault): Promise<void> {
    try {
      if (plan.after) await this.predecessor(plan.after);
      if (this.closing) return;
      plan.begin?.();
      this.store.save();
      await this.options.clock.sleep(this.options.actionDelayMs);
      if (this.closing) return;
      if (fault) throw new ApiError(500, fault.code, fault.message);
      await plan.work?.();
      this.settle(record, null);
    } catch (error) {
      await this.rescue(record, plan, error);
    }
  }

  private async rescue(record: ActionRecord, plan: ActionPlan, error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    try {
      await plan.failed?.();
    } finally {
      this.settle(record, { code: error instanceof ApiError ? error.code : "action_failed", message });
    }
  }

  private async predecessor(action: ActionRecord): Promise<void> {
    await this.running.get(action.id);
    if (action.status === "error") {
      throw new ApiError(500, "action_failed", `the action before it failed (${action.command}, ${action.id})`);
    }
  }

  private settle(record: ActionRecord, error: ActionRecord["error"]): void {
    record.status = error ? "error" : "success";
    record.progress = 100;
    record.finished = this.options.clock.now().toISOString();
    record.error = error;
    this.store.save();
  }

  private forgetOld(): void {
    const { actions } = this.store.state;
    while (actions.length > KEPT && actions[0]?.status !== "running") actions.shift();
  }
}
