import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServerSpec } from "../backend";

/** A server's place in a private network, as its metadata has it. */
export interface PrivatePlace {
  networkId: number;
  networkName: string;
  network: string;
  subnet: string;
  gateway: string;
  ip: string;
  aliasIps: string[];
  macAddress: string;
  /** Its interface in the server. */
  link: string;
}

/** What the lab keeps of one server beside its disk: its order, and where its addresses point. */
export interface ServerRecord extends ServerSpec {
  routed: string[];
  /** In the order in which it joined. */
  privateNetworks?: PrivatePlace[];
}

/** The folders of the servers below a lab's folder. */
export class ServerFiles {
  constructor(private readonly lab: string) {}

  dir(id: number): string {
    return join(this.lab, "servers", String(id));
  }

  path(id: number, file: string): string {
    return join(this.dir(id), file);
  }

  write(id: number, file: string, text: string): void {
    mkdirSync(this.dir(id), { recursive: true });
    const target = this.path(id, file);
    writeFileSync(`${target}.new`, text, { mode: 0o600 });
    renameSync(`${target}.new`, target);
  }

  record(id: number): ServerRecord {
    return JSON.parse(readFileSync(this.path(id, "server.json"), "utf8")) as ServerRecord;
  }

  setRecord(record: ServerRecord): void {
    this.write(record.id, "server.json", JSON.stringify(record));
  }

  /** A pid file's content, or undefined where there is none or the process has gone. */
  livePid(id: number, file: string): number | undefined {
    try {
      const pid = Number(readFileSync(this.path(id, file), "utf8"));
      if (!(pid > 0)) return undefined;
      process.kill(pid, 0);
      return pid;
    } catch {
      return undefined;
    }
  }

  remove(id: number): void {
    rmSync(this.dir(id), { recursive: true, force: true });
  }
}
