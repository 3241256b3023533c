import type { State } from "../state/state";

/** Takes the backups of a server away; its snapshots stay. */
export function dropBackups(state: State, server: number): void {
  state.images = state.images.filter(({ boundTo }) => boundTo !== server);
}
