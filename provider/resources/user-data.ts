import * as crypto from "node:crypto";
import { NspawnError } from "../errors";
import { userDataPart, type UserDataPart } from "./user-data-part";

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

function written(part: UserDataPart): string {
  if ("refused" in part)
    throw new NspawnError("NSPAWN_INVALID_INPUT", `server.userData ${part.refused}`, { path: "server.userData" });
  if ("whole" in part) return part.whole;
  const { type, text } = part;
  // What is not ASCII would be read in another character set.
  const isPlain = /^[\t\r\n -~]*$/.test(text);
  const body = isPlain
    ? text
    : Buffer.from(text, "utf8")
        .toString("base64")
        .replace(/(.{76})/g, "$1\n");
  const encoding = isPlain ? "" : "Content-Transfer-Encoding: base64\n";
  return `Content-Type: ${type}; charset="utf-8"\nMIME-Version: 1.0\n${encoding}\n${body}`;
}

/**
 * User data that hands the boot key over, joined with the program's own user data as a MIME archive where there is
 * one. Deterministic: the boundary is a digest of the content.
 *
 * @throws NSPAWN_INVALID_INPUT when cloud-init would take it for nothing
 */
export function userDataWith(keys: BootKeys, own: string | undefined): string {
  const ours = cloudConfig(keys);
  if (own === undefined || own.trim() === "") return ours;
  const boundary = `=${crypto.createHash("sha256").update(own).digest("hex").slice(0, 32)}`;
  const parts = [userDataPart(own), { type: "text/cloud-config", text: ours }];
  const body = parts.map((part) => `--${boundary}\n${written(part)}\n`).join("");
  return `Content-Type: multipart/mixed; boundary="${boundary}"\nMIME-Version: 1.0\n\n${body}--${boundary}--\n`;
}
