import { jsonEntries, type JsonEntry } from "../../provider/model/read/json-entry";
import { printable } from "../../provider/model/read/printable";

/** What one command on the host said. */
export interface Fact {
  code: number;
  text: string;
}

export interface Link {
  ifname: string;
  flags: string[];
  master?: string;
  addresses: { local: string; length: number }[];
}

interface Route {
  dst?: string;
  dev?: string;
  gateway?: string;
  prefsrc?: string;
}

/** What was found on one host, in one look; its texts are printable. */
export class Facts {
  constructor(private readonly results: Map<string, Buffer>) {}

  /** Undefined where the question made no sense, such as the inside of a machine that does not run. */
  get(name: string): Fact | undefined {
    const text = this.raw(name);
    return text && { code: text.code, text: printable(text.text) };
  }

  /** A link of the host, or of a machine. */
  link(name: string, machine?: string): Link | undefined {
    const list = this.list(machine === undefined ? "links" : `links:${machine}`);
    const entry = list.find((one) => one.text("ifname") === name);
    return entry && linkOf(name, entry);
  }

  proxies(family: "ipv4" | "ipv6", uplink: string): string[] {
    const entries = this.list(family === "ipv4" ? "proxies4" : "proxies6");
    return entries.filter((entry) => entry.text("dev") === uplink).map((entry) => entry.text("dst") ?? "");
  }

  route(name: string): Route | undefined {
    const [entry] = this.list(name);
    const words = ["dst", "dev", "gateway", "prefsrc"] as const;
    return entry && Object.fromEntries(words.map((word) => [word, entry.text(word)]));
  }

  /** A value below /proc/sys. */
  setting(key: string): string | undefined {
    const line = this.get("settings")
      ?.text.split("\n")
      .find((text) => text.startsWith(`${key} `));
    return line?.slice(key.length + 1);
  }

  /** The lines of an answer; none where it was not asked for or failed. */
  lines(name: string): string[] {
    const fact = this.get(name);
    return fact === undefined || fact.code !== 0 ? [] : fact.text.split("\n").filter((line) => line !== "");
  }

  /** `Key=value` lines of systemctl. */
  property(name: string, key: string): string | undefined {
    const line = this.get(name)
      ?.text.split("\n")
      .find((text) => text.startsWith(`${key}=`));
    return line?.slice(key.length + 1);
  }

  /** JSON of ip(8); nothing where it failed. @throws NSPAWN_REPORT */
  private list(name: string): JsonEntry[] {
    const fact = this.raw(name);
    return fact === undefined || fact.code !== 0 ? [] : jsonEntries(name, fact.text);
  }

  /** The exit code on a line, and what the command said. */
  private raw(name: string): Fact | undefined {
    const text = this.results.get(name)?.toString("utf8");
    if (text === undefined) return undefined;
    const end = text.indexOf("\n");
    const code = /^\d{1,3}$/.exec(text.slice(0, end))?.[0];
    return { code: code === undefined ? 255 : Number(code), text: text.slice(end + 1).trim() };
  }
}

function linkOf(ifname: string, entry: JsonEntry): Link {
  const addresses = entry.entries("addr_info").flatMap((address) => {
    const [local, length] = [address.text("local"), address.number("prefixlen")];
    return local === undefined || length === undefined ? [] : [{ local, length }];
  });
  return { ifname, flags: entry.texts("flags"), master: entry.text("master"), addresses };
}
