import { StringDecoder } from "node:string_decoder";

/** Characters. */
const most = 4000;

/** What a host says beside the report: its newest lines. */
export class StandardError {
  /** All that came. */
  bytes = 0;
  newest = "";
  /** A character may come in two pieces. */
  private readonly decoder = new StringDecoder("utf8");

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.newest = newestLines(this.newest + this.decoder.write(chunk));
  }
}

/** Cut off between lines: half a line could be half a secret, which nobody would recognize as one. */
function newestLines(text: string): string {
  if (text.length <= most) return text;
  const kept = text.slice(-most);
  const end = kept.indexOf("\n");
  return end < 0 ? "" : kept.slice(end + 1);
}
