import { createHash } from "node:crypto";
import { utils } from "ssh2";
import type { Target } from "./target";

/** Algorithms by which a host may prove a key of one type (RFC 8332 for RSA: never SHA-1). */
const algorithms: Record<string, string[]> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

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

  /** Only the pinned keys' types are offered, so a host with several keys shows the pinned one. */
  get algorithms(): string[] {
    const types = this.target.hostKeys.map((key) => key.trim().split(/\s+/)[0] ?? "");
    const offered = types.flatMap((type) => algorithms[type] ?? []);
    return offered.length > 0 ? [...new Set(offered)] : Object.values(algorithms).flat();
  }

  get expected(): string {
    return this.pinned.length === 0 ? "no pinned key" : this.pinned.map(fingerprint).join(" or ");
  }
}

/** The public half of a private key, `ssh-ed25519 AAAA…`. */
export function publicKeyOf(privateKey: string): string {
  const parsed = utils.parseKey(privateKey);
  if (parsed instanceof Error) throw new Error(`not a private key in OpenSSH form: ${parsed.message}`);
  return `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`;
}
