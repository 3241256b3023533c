import { writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Interruption } from "./interruption";
import type { Outputs } from "./outputs";
import { runProgram } from "./program-run";

interface SshOptions {
  folder: string;
  keyFile: string;
  /** Public host key that the client got by cloud-init. */
  clientKey: string;
  interruption: Interruption;
}

/** Where a command can run: the two servers, and the machine, reached from the client so that it sees the client. */
export type SshPlace = "host" | "client" | "machine-ipv4" | "machine-ipv6";

function section(place: SshPlace, address: string, ...more: string[]): string {
  if (isIP(address) === 0) throw new Error(`${JSON.stringify(address)} is not an address to reach ${place} at`);
  return [`Host ${place}`, `HostName ${address}`, ...more].join("\n  ");
}

/** `ssh` with a configuration of this run: its key, its known hosts, and none of the user's own. */
export class Ssh {
  private readonly config: string;

  constructor(
    outputs: Outputs,
    private readonly options: SshOptions,
  ) {
    const { folder, keyFile, clientKey } = options;
    const known = join(folder, "known_hosts");
    const { server, peer, machine } = outputs;
    writeFileSync(known, `${server.ipv4} ${server.hostKey}\n${peer.ipv4} ${clientKey}\n`);
    const sections = [
      section("host", server.ipv4, "StrictHostKeyChecking yes"),
      section("client", peer.ipv4, "StrictHostKeyChecking yes"),
      section("machine-ipv4", machine.ipv4, "ProxyJump client"),
      section("machine-ipv6", machine.ipv6, "ProxyJump client"),
      // The machine made its host key itself: the first one seen is believed.
      `Host *\n  User root\n  IdentityFile ${keyFile}\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile ${known}\n  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking accept-new\n  BatchMode yes\n  ConnectTimeout 10\n  ServerAliveInterval 5\n  LogLevel ERROR`,
    ];
    this.config = join(folder, "ssh_config");
    writeFileSync(this.config, `${sections.join("\n")}\n`);
  }

  /** What to start for a command at a place. */
  argv(place: SshPlace, script: string): string[] {
    return ["ssh", "-F", this.config, place, script];
  }

  /** Runs a shell text to its end, whatever its exit code; 255 is ssh's own. */
  run(place: SshPlace, script: string, seconds = 60): Promise<{ code: number; stdout: string; stderr: string }> {
    return runProgram(this.argv(place, script), this.options.interruption, { limit: seconds });
  }

  /** A server that was just started has no sshd yet. */
  async untilUp(place: SshPlace, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const { code, stderr } = await this.run(place, "true", 20);
      if (code === 0) return;
      if (Date.now() > deadline) throw new Error(`no login at ${place} within ${seconds} s: ${stderr.trim()}`);
      await sleep(1000);
    }
  }
}
