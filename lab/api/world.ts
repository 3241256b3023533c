import type { Backend } from "../backend";
import type { ActionRunner } from "./actions/action-runner";
import type { ApiOptions } from "./api-options";
import type { State } from "./state/state";
import type { Store } from "./state/store";

/** What every handler may use. */
export interface World {
  store: Store;
  state: State;
  actions: ActionRunner;
  backend: Backend;
  options: ApiOptions;
  /** RFC 3339. */
  now(): string;
}
