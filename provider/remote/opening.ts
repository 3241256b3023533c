import type { Client, ClientChannel } from "ssh2";
import { notOurs, type NspawnError } from "../errors";
import { ready } from "../host/command";
import { NotStarted } from "./not-started";
import { reportLimits as limits } from "./report-limits";
import { ofNoUse, type Login } from "./ssh/of-no-use";
import { endedFor, took } from "./ssh/watch";
import { StandardError } from "./standard-error";

/** What becomes of a channel until our command is at work on it. */
export interface Opened {
  /** It waits for its program; the beginning of the report may have come along. */
  begun: (report: Buffer) => void;
  /** Nothing was sent: {@link NotStarted} when the connection went, else an error of the table. */
  failed: (error: NotStarted | NspawnError) => void;
}

/** Seconds within which a login has to start our command: sudo may wait for a name server, PAM for a bus. */
const seconds = 45;
/** Milliseconds in which a login may say more, when it has said anything. */
const patience = 2000;

const mark = Buffer.from(`\n${ready}\n`);

/**
 * A channel before its first record: what comes until our command says that it is there is the login's, its shell's, its
 * start-up files' or sudo's. A program is sent to nobody else, so what fails here has changed nothing.
 */
export class Opening {
  private said: Buffer = Buffer.alloc(0);
  private readonly stderr = new StandardError();
  private readonly late: NodeJS.Timeout;
  private talked: NodeJS.Timeout | undefined;
  private settled = false;

  constructor(
    private readonly client: Client,
    private readonly channel: ClientChannel,
    private readonly login: Login,
    private readonly outcome: Opened,
    within = seconds,
  ) {
    this.late = setTimeout(() => this.refuse(`did not start our program within ${within} s`), within * 1000);
    channel.on("data", this.came);
    channel.stderr.on("data", this.complained);
    channel.on("close", this.closed);
    channel.on("error", () => undefined); // 'close' follows
    client.once("close", this.lost);
  }

  private readonly came = (chunk: Buffer): void => {
    took(this.client, chunk.length);
    this.said = Buffer.concat([this.said, chunk]);
    const at = this.said.indexOf(mark);
    if (at >= 0) this.begin(this.said.subarray(0, at), this.said.subarray(at + mark.length));
    else if (this.said.length > limits.line) this.refuse("printed without end before our program began");
    else if (blank(this.said) === false) this.talked ??= setTimeout(() => this.printed(), patience);
  };

  private readonly complained = (chunk: Buffer): void => {
    took(this.client, chunk.length);
    this.stderr.push(chunk);
    if (this.stderr.bytes > limits.standardError) this.refuse("printed without end before our program began");
  };

  private begin(before: Buffer, report: Buffer): void {
    this.said = before;
    if (!blank(before)) this.printed();
    else this.settle(() => this.outcome.begun(report));
  }

  private printed(): void {
    this.refuse("printed something before our program began");
  }

  /** A connection that ends takes its channels along, and says so after them. */
  private readonly closed = (code?: number | null, signal?: string): void => {
    const how = typeof code === "number" ? ` with exit status ${code}` : signal ? ` by signal ${signal}` : "";
    setImmediate(() => this.refuse(`ended${how} before our program began`));
  };

  private readonly lost = (): void => {
    const why = endedFor(this.client);
    const { host } = this.login;
    this.settle(() =>
      this.outcome.failed(why === undefined ? new NotStarted("the connection was closed") : notOurs(`${host}: ${why}`)),
    );
  };

  private refuse(what: string): void {
    const said = [this.said.toString("utf8"), this.stderr.newest]
      .map((text) => text.trim())
      .filter((text) => text !== "");
    this.settle(() => this.outcome.failed(ofNoUse(this.login, what, said.join("\n"))));
  }

  private settle(outcome: () => void): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.late);
    clearTimeout(this.talked);
    const { channel, client } = this;
    channel.removeListener("data", this.came).removeListener("close", this.closed);
    channel.stderr.removeListener("data", this.complained);
    client.removeListener("close", this.lost);
    outcome();
  }
}

function blank(text: Buffer): boolean {
  return text.every((byte) => byte === 10 || byte === 13 || byte === 32 || byte === 9);
}
