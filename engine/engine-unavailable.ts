import type { PartName } from "./part";
import type { Source } from "./source";

/** Why a way did not give a part, and what can be done about it. */
export interface Refusal {
  part: PartName;
  way: Source;
  why: string;
}

/**
 * None of the three ways gave some part of the engine. Code NSPAWN_ENGINE_UNAVAILABLE; the message has a line for
 * each part and way, and what to do next.
 */
export class EngineUnavailable extends Error {
  readonly code = "NSPAWN_ENGINE_UNAVAILABLE";

  constructor(readonly refusals: readonly Refusal[]) {
    super(text(refusals));
    this.name = "EngineUnavailable";
  }
}

function text(refusals: readonly Refusal[]): string {
  const lines = [...new Set(refusals.map(({ part }) => part))].flatMap((part) => [
    `  ${part}`,
    ...refusals.filter((refusal) => refusal.part === part).map(({ way, why }) => `    ${way.padEnd(8)}  ${why}`),
  ]);
  return [
    "No Pulumi engine can be had here [NSPAWN_ENGINE_UNAVAILABLE].",
    ...lines,
    "One of these is enough; then run the same command again:",
    "  - install Pulumi so that `pulumi version` works in this shell (https://www.pulumi.com/docs/install/)",
    "  - let this machine reach get.pulumi.com",
    "  - install Go and let it reach its module proxy (`go env GOPROXY` says which); any Go from 1.21 on gets the",
    "    toolchain that the modules ask for by itself, unless GOTOOLCHAIN=local forbids it",
  ].join("\n");
}
