/** Who gets the parts of a stream. */
export interface Parts {
  /** A line, without its end. Answers how many bytes of a body follow it; `undefined`: none, the next is a line. */
  line(line: Buffer): number | undefined;
  /** A body, whole; the line break after it is gone. */
  body(body: Buffer): void;
  /** The stream is not made of these parts; nothing more is taken from it. */
  refuse(what: string): void;
}

/** Bytes that wait for more of their kind. Grows by doubling, so that the smallest pieces cost no more than large ones. */
class Waiting {
  private bytes: Buffer = Buffer.alloc(0);
  length = 0;

  /** @param most what it can come to */
  add(piece: Buffer, most: number): void {
    const needed = this.length + piece.length;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.min(Math.max(needed, 2 * this.bytes.length, 256), Math.max(needed, most)),
      );
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    piece.copy(this.bytes, this.length);
    this.length = needed;
  }

  take(): Buffer {
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.alloc(0);
    this.length = 0;
    return taken;
  }
}

/** Cuts a stream into lines, and into the bodies that lines announce. Holds one line or one body at most, and looks at each byte once. */
export class Cutter {
  private readonly waiting = new Waiting();
  /** Bytes of the body that comes; `undefined` while a line does. */
  private due: number | undefined;
  private stopped = false;

  /** @param most bytes of a line */
  constructor(
    private readonly parts: Parts,
    private readonly most: number,
  ) {}

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.stopped) {
      at = this.due === undefined ? this.line(chunk, at) : this.body(chunk, at, this.due);
    }
  }

  /** Takes nothing more, and lets go of what has come. Answers the beginning of the line that was not complete. */
  stop(): Buffer {
    this.stopped = true;
    const left = this.waiting.take();
    return this.due === undefined ? left : Buffer.alloc(0);
  }

  private line(chunk: Buffer, at: number): number {
    const found = chunk.indexOf(10, at);
    const end = found < 0 ? chunk.length : found;
    if (this.waiting.length + end - at > this.most) return this.refuse(`a line has more than ${this.most} bytes`);
    const piece = chunk.subarray(at, end);
    if (found < 0) {
      this.waiting.add(piece, this.most);
      return end;
    }
    if (this.waiting.length > 0) this.waiting.add(piece, this.most);
    this.due = this.parts.line(this.waiting.length > 0 ? this.waiting.take() : piece);
    return end + 1;
  }

  private body(chunk: Buffer, at: number, due: number): number {
    const end = Math.min(chunk.length, at + due - this.waiting.length);
    if (end > at) this.waiting.add(chunk.subarray(at, end), due);
    if (this.waiting.length < due || end === chunk.length) return end;
    if (chunk[end] !== 10) return this.refuse(`${due} bytes are not followed by the end of a line`);
    this.due = undefined;
    this.parts.body(this.waiting.take());
    return end + 1;
  }

  private refuse(what: string): number {
    this.parts.refuse(what);
    return Infinity;
  }
}
