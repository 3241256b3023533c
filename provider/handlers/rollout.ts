import { NspawnError } from "../errors";

/** A member that is to be changed. */
export interface Turn {
  /** Which one; the same for a delete and the create that follows it. */
  member: string;
  /** For messages. */
  name: string;
  /** Members that are changed at once, at most. */
  most: number;
  /** An earlier run has left it unlike what was declared: it goes first. */
  unfinished: boolean;
  tell: (progress: string) => void;
}

interface Waiting extends Turn {
  go: () => void;
  refuse: (error: NspawnError) => void;
}

/** How long is waited for others, in milliseconds. */
interface Patience {
  /** For members that could go first, before the first one is changed. */
  quiet: number;
  /** From the delete of a member until the engine has it created again. */
  gap: number;
}

const byNumber = new Intl.Collator("en", { numeric: true });

/** What is unfinished, then by number. */
const inOrder = (one: Turn, other: Turn): number =>
  Number(other.unfinished) - Number(one.unfinished) || byNumber.compare(one.name, other.name);

const usual: Patience = { quiet: 1000, gap: 60_000 };

/**
 * The changes of one fleet in this process, which the engine calls all at once: so many of them at a time, and none after one
 * has failed. New members don't wait, and are waited for: a template that fails on them changes nobody else.
 */
export class Rollout {
  /** By member: its name. */
  private readonly changing = new Map<string, string>();
  private readonly deleted = new Map<string, NodeJS.Timeout>();
  private readonly waiting: Waiting[] = [];
  private creating = 0;
  private begun = false;
  private failed?: string;
  private heardAt = 0;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly fleet: string,
    private readonly patience: Patience = usual,
  ) {}

  /** Somebody may come who goes first. */
  heard(): void {
    this.heardAt = Date.now();
  }

  /** Changes a member when it is its turn. @throws NSPAWN_FLEET if another one fails before */
  async change<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    await this.turnOf(turn);
    const result = await this.orStop(turn, work);
    this.end(turn.member);
    return result;
  }

  /** The same of the first half of a replacement: its turn ends when it has been created again. */
  async delete(turn: Turn, work: () => Promise<void>): Promise<void> {
    await this.turnOf(turn);
    await this.orStop(turn, work);
    // The engine does not come back to it where something else of the program has failed meanwhile.
    const timer = setTimeout(() => this.stop(turn), this.patience.gap);
    this.deleted.set(turn.member, timer.unref());
  }

  /** The second half, or a new member. */
  async create<T>({ member, name }: Pick<Turn, "member" | "name">, work: () => Promise<T>): Promise<T> {
    clearTimeout(this.deleted.get(member));
    if (this.deleted.delete(member)) {
      const result = await this.orStop({ member, name }, work);
      this.end(member);
      return result;
    }
    this.creating += 1;
    try {
      return await this.orStop({ member, name }, work);
    } finally {
      this.creating -= 1;
      this.next();
    }
  }

  private turnOf(turn: Turn): Promise<void> {
    return new Promise((go, refuse) => {
      this.waiting.push({ ...turn, go, refuse });
      if (!this.begun) this.heard();
      this.next();
      if (this.waiting.some(({ member }) => member === turn.member)) turn.tell(this.whatFor());
    });
  }

  private whatFor(): string {
    const others = [...this.changing.values(), ...(this.creating > 0 ? ["new members"] : [])].join(", ");
    return `waits for its turn in the fleet ${this.fleet}${others === "" ? "" : `, after ${others}`}`;
  }

  private async orStop<T>(of: Pick<Turn, "member" | "name">, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.stop(of);
      throw error;
    }
  }

  private stop({ member, name }: Pick<Turn, "member" | "name">): void {
    this.failed ??= name;
    this.end(member);
  }

  private end(member: string): void {
    this.changing.delete(member);
    this.next();
  }

  private next(): void {
    if (this.failed !== undefined) {
      for (const { name, refuse } of this.waiting.splice(0)) refuse(this.refusal(name));
      return;
    }
    if (this.creating > 0 || this.waiting.length === 0 || !this.isQuiet()) return;
    for (let first = this.first(); first !== undefined; first = this.first()) {
      this.waiting.splice(this.waiting.indexOf(first), 1);
      this.begun = true;
      this.changing.set(first.member, first.name);
      first.go();
    }
  }

  /** If not, it is asked again as soon as it could be. */
  private isQuiet(): boolean {
    const left = this.begun ? 0 : this.heardAt + this.patience.quiet - Date.now();
    clearTimeout(this.timer);
    if (left > 0) this.timer = setTimeout(() => this.next(), left);
    return left <= 0;
  }

  /** Who is next, if anybody may be. */
  private first(): Waiting | undefined {
    const [first] = this.waiting.sort(inOrder);
    return first !== undefined && this.changing.size < first.most ? first : undefined;
  }

  private refusal(name: string): NspawnError {
    const message = `${name} is as it was: ${this.failed} of the fleet ${this.fleet} failed before it, and no other is begun; repair ${this.failed}, or take the change back, and run \`up\` again`;
    return new NspawnError("NSPAWN_FLEET", message);
  }
}
