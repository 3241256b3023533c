type Labels = Record<string, string>;
type Test = (labels: Labels) => boolean;

/** Compiles `k`, `!k`, `k=v`, `k==v`, `k!=v`, `k in (a,b)`, `k notin (a,b)`, joined by commas; undefined when it cannot be read. */
export function matchesSelector(selector: string): Test | undefined {
  const tests: Test[] = [];
  for (const part of split(selector)) {
    const test = compile(part.trim());
    if (!test) return undefined;
    tests.push(test);
  }
  return (labels) => tests.every((test) => test(labels));
}

/** Commas inside parentheses do not separate. */
function split(selector: string): string[] {
  return selector.split(/,(?![^(]*\))/);
}

const KEY = String.raw`[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?`;
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUAL = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*([A-Za-z0-9._-]*)$`);
const PRESENT = new RegExp(`^(!?)\\s*(${KEY})$`);

function compile(part: string): Test | undefined {
  const set = SET.exec(part);
  if (set) return inSet(set[1] ?? "", set[2] === "in", set[3] ?? "");
  const equal = EQUAL.exec(part);
  if (equal) {
    const [, key = "", operator, value] = equal;
    return (labels) => (labels[key] === value) === (operator !== "!=");
  }
  const present = PRESENT.exec(part);
  if (!present) return undefined;
  const [, not, key = ""] = present;
  return (labels) => Object.hasOwn(labels, key) === (not !== "!");
}

function inSet(key: string, wanted: boolean, list: string): Test {
  const values = list.split(",").map((value) => value.trim());
  return (labels) => values.includes(labels[key] ?? "\0") === wanted;
}
