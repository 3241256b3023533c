/** What one command on the host said. */
export interface Fact {
  code: number;
  text: string;
}

export interface Link {
  ifname: string;
  flags: string[];
  master?: string;
  addr_info: { local: string; prefixlen: number }[];
}

interface Route {
  dst?: string;
  dev?: string;
  gateway?: string;
  prefsrc?: string;
}

/** What was found on one host, in one look. */
export class Facts {
  constructor(private readonly results: Map<string, Buffer>) {}

  /** Undefined where the question made no sense, such as the inside of a machine that does not run. */
  get(name: string): Fact | undefined {
    const text = this.results.get(name)?.toString("utf8");
    if (text === undefined) return undefined;
    const end = text.indexOf("\n");
    return { code: Number(text.slice(0, end)), text: text.slice(end + 1).trim() };
  }

  /** A link of the host, or of a machine. */
  link(name: string, machine?: string): Link | undefined {
    return this.list<Link>(machine === undefined ? "links" : `links:${machine}`).find(({ ifname }) => ifname === name);
  }

  proxies(family: "ipv4" | "ipv6", uplink: string): string[] {
    const entries = this.list<Route>(family === "ipv4" ? "proxies4" : "proxies6");
    return entries.filter(({ dev }) => dev === uplink).map(({ dst }) => dst ?? "");
  }

  route(name: string): Route | undefined {
    return this.list<Route>(name)[0];
  }

  /** A value below /proc/sys. */
  setting(key: string): string | undefined {
    const line = this.get("settings")
      ?.text.split("\n")
      .find((text) => text.startsWith(`${key} `));
    return line?.slice(key.length + 1);
  }

  /** `Key=value` lines of systemctl. */
  property(name: string, key: string): string | undefined {
    const line = this.get(name)
      ?.text.split("\n")
      .find((text) => text.startsWith(`${key}=`));
    return line?.slice(key.length + 1);
  }

  /** JSON of ip(8); nothing where it failed. */
  private list<T>(name: string): T[] {
    const fact = this.get(name);
    if (fact === undefined || fact.code !== 0 || fact.text === "") return [];
    return JSON.parse(fact.text) as T[];
  }
}
