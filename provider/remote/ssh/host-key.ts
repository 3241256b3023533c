import { createHash } from "node:crypto";
import { utils } from "ssh2";
import type { Target } from "../target";

/** `SHA256:…`, as OpenSSH shows it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

function blobOf(publicKey: string): Buffer {
  const parsed = utils.parseKey(publicKey);
  if (parsed instanceof Error) throw new Error(`not a public key in OpenSSH form: ${parsed.message}`);
  return parsed.getPublicSSH();
}

/** Compares what a host shows with what is pinned, and remembers what it showed. */
export class HostKeyCheck {
  /** Fingerprint of the key that the host showed, when it was refused. */
  refused: string | undefined;
  private readonly pinned: Buffer[];

  constructor(private readonly target: Target) {
    this.pinned = target.hostKeys.map(blobOf);
  }

  readonly verify = (shown: Buffer): boolean => {
    const open = this.pinned.length === 0 && this.target.acceptNewHostKey === true;
    if (open || this.pinned.some((key) => key.equals(shown))) return true;
    this.refused = fingerprint(shown);
    return false;
  };

  /** Types of the pinned keys: only these are asked for, so a host with several keys shows the pinned one. */
  get types(): string[] {
    return this.target.hostKeys.map((key) => key.trim().split(/\s+/)[0] ?? "");
  }

  get expected(): string {
    return this.pinned.length === 0 ? "no pinned key" : this.pinned.map(fingerprint).join(" or ");
  }
}
