import { generateKeyPairSync, randomBytes } from "node:crypto";

/** A key pair as sshd reads it. */
export interface KeyPair {
  /** OpenSSH form, without a passphrase. */
  privateKey: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  publicKey: string;
}

const type = "ssh-ed25519";

function string(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The private section, filled up with 1, 2, 3… to a multiple of eight bytes. */
function privateSection(publicBytes: Buffer, seed: Buffer): Buffer {
  const check = randomBytes(4);
  const keys = [string(type), string(publicBytes), string(Buffer.concat([seed, publicBytes])), string("")];
  const section = Buffer.concat([check, check, ...keys]);
  const missing = (8 - (section.length % 8)) % 8;
  return Buffer.concat([section, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}

/**
 * A new ed25519 key pair in OpenSSH's form (PROTOCOL.key of OpenSSH). Made here because ssh2's generator now and then
 * writes a private key that nobody can read (docs/dependencies.md).
 */
export function ed25519Pair(): KeyPair {
  const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const publicBytes = Buffer.from(jwk.x ?? "", "base64url");
  const seed = Buffer.from(jwk.d ?? "", "base64url");
  const publicBlob = Buffer.concat([string(type), string(publicBytes)]);
  const none = string("none");
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    none,
    none,
    string(""),
    number(1),
    string(publicBlob),
    string(privateSection(publicBytes, seed)),
  ]);
  const lines = body.toString("base64").match(/.{1,70}/g) ?? [];
  const privateKey = ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join(
    "\n",
  );
  return { privateKey, publicKey: `${type} ${publicBlob.toString("base64")}` };
}
