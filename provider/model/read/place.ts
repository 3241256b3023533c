import type { Problem } from "../problem";
import { shown } from "./shown";

/** Where in the arguments a value stands; problems are noted here and collected for the whole resource. */
export class Place {
  private constructor(
    readonly problems: Problem[],
    readonly path: string,
    private readonly depth: number,
    private readonly hidden: boolean,
  ) {}

  static root(): Place {
    return new Place([], "", 0, false);
  }

  key(name: string): Place {
    const simple = /^[A-Za-z_$][\w$]{0,59}$/.test(name);
    const step = simple
      ? `${this.path === "" ? "" : "."}${name}`
      : `["${name.slice(0, 60).replace(/[^ !#-[\]-~]/g, "?")}"]`;
    return new Place(this.problems, this.path + step, this.depth + 1, this.hidden);
  }

  index(position: number): Place {
    return new Place(this.problems, `${this.path}[${position}]`, this.depth + 1, this.hidden);
  }

  /** The same place; what stands there is secret, so no error shows it. */
  secret(): Place {
    return new Place(this.problems, this.path, this.depth, true);
  }

  refuse(message: string): void {
    // A path of one step makes the engine print the whole property: never for a secret one.
    const path = this.hidden && this.depth <= 1 ? `${this.path}.value` : this.path;
    this.problems.push({ path, message });
  }

  /** Notes "<allowed> (got <value>)". */
  refuseValue(allowed: string, value: unknown): void {
    this.refuse(`${allowed} (${this.hidden ? "value hidden" : `got ${shown(value)}`})`);
  }
}
