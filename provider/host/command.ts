import { hostFile } from "./files";

/**
 * A line by which our command says that it is there: what came before it was somebody else's. As it stands in the command
 * it is no such line, so nobody who prints that says it.
 */
export const ready = "pulumi-nspawn ready";
const sayReady = `printf "\\n%s %s\\n" ${ready}`;

/** After these words the shell wants more of the same command. */
const unfinished = /(^|[\s;])(then|do|else|in)$|[{|]$|&&$|;;$/;

/**
 * Shell text in one line: a login shell that is no POSIX shell takes no more than one in quotes. Of a text as shfmt
 * leaves it, without quotes that go over lines; a line that ends with a closing bracket more than it opens is a pattern.
 */
function inOneLine(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/^ *(#.*)?|( #.*)$/g, ""))
    .filter((line) => line !== "");
  return lines.map((line, index) => line + (index === lines.length - 1 ? "" : endOf(line))).join("");
}

function endOf(line: string): string {
  const isPattern = line.endsWith(")") && line.split(")").length > line.split("(").length;
  return isPattern || unfinished.test(line) ? " " : "; ";
}

const part = (name: string): string => inOneLine(hostFile(`bootstrap/${name}.sh`));

/** The only command that a change or a look ever executes: a constant. Nothing from arguments becomes shell text, and no secret is in it. */
export function hostCommand(): string {
  const say = part("report");
  // Who does not become root says it before its failure.
  const becomeRoot = [say.replace("LC_ALL=C; ", `LC_ALL=C; ${sayReady}; `), part("become-root")].join("; ");
  const asRoot = [sayReady, say, part("run")].join("; ");
  return `sh -c '${becomeRoot}' sh '${asRoot}'`;
}

/**
 * What a person asks for in a machine. Its words are in base64, so nothing of them is shell text.
 *
 * @param how `pipe`: with the streams as they are; a terminal's name, such as `xterm`: at one; `host`: on the host, about it
 */
export function attachedCommand(machine: string, how: string, words: readonly string[]): string {
  const complain = part("complain");
  const asRoot = [complain, part("attach")].join("; ");
  // The machine's service manager puts variables in.
  const meant = how === "host" ? words : words.map((word) => word.replaceAll("$", "$$$$"));
  const [name, ...rest] = [machine, ...meant].map((word) => quoted(Buffer.from(word).toString("base64")));
  const start = `sh -c '${complain}; ${part("become-root")}' sh '${asRoot}'`;
  return [start, name, quoted(how.replace(/[^\w.+-]/g, "")), ...rest].join(" ");
}

/** An empty word has to be one. */
const quoted = (word: string): string => (word === "" ? "''" : word);
