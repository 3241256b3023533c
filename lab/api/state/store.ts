import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { emptyState } from "./empty-state";
import type { State } from "./state";

/** The state in memory and, with a path, on disk: written whole, to a file beside it, then renamed. 0600, for user data holds keys. */
export class Store {
  readonly state: State;

  constructor(private readonly path?: string) {
    this.state = path ? load(path) : emptyState();
  }

  newId(): number {
    return this.state.nextId++;
  }

  save(): void {
    if (!this.path) return;
    const next = `${this.path}.next`;
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    writeFileSync(next, JSON.stringify(this.state), { mode: 0o600 });
    renameSync(next, this.path);
  }
}

function load(path: string): State {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return emptyState();
    throw error;
  }
  const found = JSON.parse(text) as Partial<State>;
  if (found.version === 1) return { ...emptyState(), ...found };
  throw new Error(
    `${path}: expected state of version 1, found ${String(found.version)}; run "lab down", then "lab up"`,
  );
}
