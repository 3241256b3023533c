import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import { quoted } from "./of-no-use";

/** Bytes that are kept of each. */
const most = 4096;

/** What a server says in words while it lets in, or does not: before its version, and while it looks at a login. */
export class ServerWords {
  /** In the place of its version, such as `Not allowed at this time` of sshd. */
  private greeting = "";
  /** `Banner` of sshd_config, and what PAM says to who may not come in. */
  private banners = "";
  /** Whether a login was asked for. */
  private asked = false;

  constructor(client: Client, socket: Duplex) {
    socket.once("data", (first: Buffer) => {
      const text = first.toString("utf8", 0, most);
      if (!/^SSH-/m.test(text)) this.greeting = text;
    });
    client.on("handshake", () => (this.asked = true));
    client.on("banner", (text: string) => (this.banners = (this.banners + text).slice(0, most)));
  }

  /** What it said to a login; empty: nothing. */
  get toLogin(): string {
    return this.asked ? this.banners.trim() : "";
  }

  /** `, it said: "…"`, or nothing. */
  get after(): string {
    const said = [this.greeting, this.banners].map((text) => text.trim()).filter((text) => text !== "");
    return said.length === 0 ? "" : `; it said: ${quoted(said.join("\n"))}`;
  }
}
