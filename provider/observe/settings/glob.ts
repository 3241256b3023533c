/** Whether a text is what a pattern of fnmatch(3) means. Its time is that of the two lengths, whoever wrote the pattern. */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = partsOf(pattern);
  // Which beginnings of the text the parts so far match, by their length.
  let reached = [true, ...Array<boolean>(text.length).fill(false)];
  for (const part of parts) {
    const before = reached;
    if (part === "*") {
      const first = before.indexOf(true);
      reached = before.map((_, length) => first >= 0 && length >= first);
    } else
      reached = before.map((_, length) => length > 0 && before[length - 1] === true && part(text[length - 1] ?? ""));
  }
  return reached[text.length] === true;
}

type Part = "*" | ((character: string) => boolean);

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? "";
    const set = character === "[" ? /^\[[!^]?\]?[^\]]*\]/.exec(pattern.slice(at, at + 300))?.[0] : undefined;
    if (set !== undefined) {
      parts.push(oneOf(set));
      at += set.length - 1;
    } else if (character === "*") parts.push("*");
    else if (character === "?") parts.push(() => true);
    else {
      const literal = character === "\\" ? (pattern[(at += 1)] ?? "\\") : character;
      parts.push((other) => other === literal);
    }
  }
  return parts;
}

/** `[a-z]`, `[!0-9]`. */
function oneOf(set: string): (character: string) => boolean {
  const inverted = /^\[[!^]/.test(set);
  const members = [...set.slice(inverted ? 2 : 1, -1).matchAll(/(.)-(.)|(.)/gsu)];
  return (character) =>
    members.some(([, low, high, one]) =>
      one === undefined ? (low ?? "") <= character && character <= (high ?? "") : one === character,
    ) !== inverted;
}
