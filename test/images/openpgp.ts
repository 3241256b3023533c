import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Somebody with a new OpenPGP key of their own. */
export class Signer {
  private readonly home = mkdtempSync(join(tmpdir(), "gpg-"));

  constructor(name: string) {
    this.gpg(["--quick-generate-key", `${name} <${name}@example.org>`, "ed25519", "sign", "never"]);
  }

  publicKey(): string {
    return this.gpg(["--armor", "--export"]).toString();
  }

  secretKey(): string {
    return this.gpg(["--armor", "--export-secret-keys"]).toString();
  }

  sign(bytes: Buffer, ...options: string[]): string {
    return this.gpg(["--armor", "--detach-sign", ...options], bytes).toString();
  }

  remove(): void {
    execFileSync("gpgconf", ["--homedir", this.home, "--kill", "gpg-agent"]);
    rmSync(this.home, { recursive: true, force: true });
  }

  private gpg(words: string[], input?: Buffer): Buffer {
    const options = ["--homedir", this.home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""];
    return execFileSync("gpg", [...options, ...words], { input, stdio: ["pipe", "pipe", "ignore"] });
  }
}
