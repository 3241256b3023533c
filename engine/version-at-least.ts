/** Whether version `is` (such as "v3.258.0") is of the same major version as `atLeast` and not older. */
export function versionAtLeast(is: string, atLeast: string): boolean {
  const [a, b] = [numbers(is), numbers(atLeast)];
  if (a === undefined || b === undefined || a[0] !== b[0]) return false;
  return a[1] > b[1] || (a[1] === b[1] && a[2] >= b[2]);
}

function numbers(text: string): [number, number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}
