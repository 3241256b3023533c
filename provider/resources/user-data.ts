import * as crypto from "node:crypto";

/** The keys that cloud-init gives a new server's sshd before its first start (cloud-init, module `ssh`). */
export interface BootKeys {
  privateKey: string;
  publicKey: string;
}

function cloudConfig(keys: BootKeys): string {
  // JSON is YAML. No other key types are made, so sshd shows this key and no other.
  const config = {
    ssh_deletekeys: true,
    ssh_genkeytypes: [],
    ssh_keys: { ed25519_private: keys.privateKey, ed25519_public: keys.publicKey },
  };
  return `#cloud-config\n${JSON.stringify(config)}\n`;
}

function contentType(text: string): string {
  if (text.startsWith("#!")) return "text/x-shellscript";
  if (text.startsWith("#include")) return "text/x-include-url";
  if (text.startsWith("#cloud-boothook")) return "text/cloud-boothook";
  return "text/cloud-config";
}

/**
 * User data that hands the boot key over, joined with the program's own user data as a MIME archive where there is
 * one. Deterministic: the boundary is a digest of the content.
 */
export function userDataWith(keys: BootKeys, own: string | undefined): string {
  const ours = cloudConfig(keys);
  if (own === undefined || own === "") return ours;
  const boundary = `=${crypto.createHash("sha256").update(own).digest("hex").slice(0, 32)}`;
  const part = (text: string) =>
    `--${boundary}\nContent-Type: ${contentType(text)}; charset="utf-8"\nMIME-Version: 1.0\n\n${text}\n`;
  return `Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\n\n${part(own)}${part(ours)}--${boundary}--\n`;
}
