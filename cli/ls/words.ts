import type { FoundHealth } from "../../provider/observe/life/life";

/** `3 d 4 h`, `12 min`, `45 s`: the two largest parts, of which the second may be none. */
export function span(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor((seconds % 86_400) / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [Math.floor(seconds % 60), "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown
    .filter(([count], index) => index === 0 || count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** `123 MiB`, `1.4 GiB`. */
export function size(bytes: number): string {
  const mebibytes = bytes / 1_048_576;
  return mebibytes < 1000 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}

/** A moment, by the clock of the host. */
export function moment(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `healthy`, `failing 2 of 3`; and how often it was restarted, and when last. */
export function healthLines({ state, failures, retries, restarts, restarted }: FoundHealth): string[] {
  const now = state === "failing" ? `failing ${failures} of ${retries}` : state;
  return restarts === 0 ? [now] : [now, `restarted ${restarts}×, last ${moment(restarted)}`];
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The same as an object; moments as ISO 8601 has them. */
export function healthRecord({ since, checked, restarted, why, ...counts }: FoundHealth): object {
  return {
    ...{ ...counts, since: iso(since), checked: iso(checked) },
    ...(counts.restarts === 0 ? {} : { restarted: iso(restarted) }),
    ...(why === "" ? {} : { why }),
  };
}
