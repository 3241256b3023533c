import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultHost } from "./host";

const folder = "/run/pulumi-nspawn-faults";
/** Where a host's programs leave variables that they read before they were set. */
export const unsetList = `${folder}/unset`;

/** Called before each step and once after the last: holds, or fails, at the boundary that the harness asked for. */
const gate = String.raw`
fault_boundary=0 fault_program=0
fault_gate() {
  if [ "$fault_boundary" = 0 ] && [ -e ${folder}/armed ]; then
    echo >>${folder}/programs
    fault_program=$(wc -l <${folder}/programs)
  fi
  fault_boundary=$((fault_boundary + 1))
  case $(cat ${folder}/armed 2>/dev/null || :) in
    "hold $fault_boundary" | "hold $fault_boundary $fault_program")
      mv ${folder}/armed ${folder}/reached
      while [ -e ${folder}/reached ]; do sleep 0.05; done
      ;;
    "fail $fault_boundary")
      mv ${folder}/armed ${folder}/failed
      return 1
      ;;
  esac
}
`;

function replaceOnce(text: string, what: string, by: string): string {
  const parts = text.split(what);
  if (parts.length !== 2)
    throw new Error(`main.sh has ${parts.length - 1} times ${what}: test/faults/gate.ts must follow it`);
  return parts.join(by);
}

/** The main program as the faults need it. */
export function gated(main: string): string {
  const steps = replaceOnce(main, '"step_$verb"', 'fault_gate\n    "step_$verb"');
  return gate + replaceOnce(steps, 'done 3<"$DIR/steps"', 'done 3<"$DIR/steps"\nfault_gate');
}

/** The boundary at which a host's next program stops. */
export class Gate {
  constructor(private readonly host: FaultHost) {}

  private path(name: string): string {
    const root = this.host.root();
    if (root === undefined) throw new Error(`${this.host.name} does not run`);
    return join(root, folder, name);
  }

  /**
   * The next program with that many boundaries holds, or fails, before this step (1 is the first).
   *
   * @param program only the how many-th one from now on
   */
  arm(boundary: number, how: "hold" | "fail" = "hold", program?: number): void {
    mkdirSync(this.path(""), { recursive: true });
    for (const name of ["reached", "failed", "programs"]) rmSync(this.path(name), { force: true });
    writeFileSync(this.path("armed"), `${[how, boundary, program].filter((word) => word !== undefined).join(" ")}\n`);
  }

  /** Waits until it is reached; false when `ended` came first. */
  async reached(ended: () => boolean): Promise<boolean> {
    const deadline = Date.now() + 180_000;
    while (!this.host.has(`${folder}/reached`)) {
      if (ended()) return this.host.has(`${folder}/reached`);
      if (Date.now() > deadline) throw new Error(`${this.host.name}: the boundary was not reached within 180 s`);
      await sleep(20);
    }
    return true;
  }

  get failed(): boolean {
    return this.host.has(`${folder}/failed`);
  }

  /** The program goes on; also forgets a boundary that was not reached. */
  open(): void {
    if (this.host.root() === undefined) return;
    rmSync(this.path("reached"), { force: true });
    rmSync(this.path("armed"), { force: true });
  }
}
