export type ParsedSection = [name: string, entries: [key: string, value: string][]];

/** Reads systemd.syntax(7) as systemd does: continuation by a backslash, comments, sections, keys. For tests only. */
export function parseIni(text: string): ParsedSection[] {
  const sections: ParsedSection[] = [];
  for (const line of text.replace(/\\\n/g, " ").split("\n")) {
    if (line.trim() === "" || /^\s*[#;]/.test(line)) continue;
    const head = /^\[([^\]]*)\]$/.exec(line);
    if (head) sections.push([head[1]!, []]);
    else {
      const at = line.indexOf("=");
      if (at < 0 || sections.length === 0) throw new Error(`no assignment in a section: ${line}`);
      sections.at(-1)![1].push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
    }
  }
  return sections;
}
