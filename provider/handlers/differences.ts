import { canonicalJson } from "../model/digest";
import type { Desired } from "../model/desired";

/** What is not as wanted, by name; empty when all is. Values of secrets are never shown. */
export function differences(wanted: Desired, state: Desired): string[] {
  return [
    ...differing(wanted.files, state.files).map((path) => `the file ${path}`),
    ...differing(wanted.secretFiles, state.secretFiles).map((path) => `the secret in ${path}`),
    ...facts("boot", wanted.boot, state.boot),
    ...facts("live", wanted.live, state.live),
  ];
}

function differing(wanted: object, state: object): string[] {
  const a = wanted as Record<string, unknown>;
  const b = state as Record<string, unknown>;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => canonicalJson(a[name]) !== canonicalJson(b[name]),
  );
}

function facts(part: string, wanted: Desired["boot"], state: Desired["boot"]): string[] {
  return differing(wanted, state).map(
    (name) =>
      `${part}.${name}: wanted ${JSON.stringify(wanted[name] ?? "nothing")}, found ${JSON.stringify(state[name] ?? "nothing")}`,
  );
}
