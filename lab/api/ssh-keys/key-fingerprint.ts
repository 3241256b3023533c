import { createHash } from "node:crypto";

const TYPE = /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp\d+|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;

/** The MD5 fingerprint of an OpenSSH public key; undefined when the text is none. */
export function keyFingerprint(text: string): string | undefined {
  const [type = "", blob = ""] = text.trim().split(/\s+/);
  if (!TYPE.test(type)) return undefined;
  const bytes = Buffer.from(blob, "base64");
  const inner = bytes.length > 4 ? bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString("latin1") : "";
  if (inner !== type) return undefined;
  return createHash("md5").update(bytes).digest("hex").match(/../g)?.join(":");
}
