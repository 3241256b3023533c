import { hasControl } from "../read/control";
import { text } from "../read/text";

const HOST_TYPES = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];
const USER_TYPES = [...HOST_TYPES, "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"];

/** Why text is not `<type> <base64>`, or true. The key's data must name the same type and be whole. */
function verdict(types: readonly string[], type: string, blob: string): true | string {
  if (!types.includes(type)) return `keys are of type ${types.join(", ")}`;
  const bytes = Buffer.from(blob, "base64");
  if (bytes.toString("base64") !== blob) return "its second word is not the base64 text of a key";
  const fields = wireFields(bytes) ?? [];
  if (fields[0]?.toString("latin1") !== type || fields.length < 2) return "its data is damaged or of another type";
  return sizes(type, fields);
}

function sizes(type: string, fields: Buffer[]): true | string {
  if (type === "ssh-ed25519") return (fields.length === 2 && fields[1]!.length === 32) || "its data is damaged";
  if (type === "ssh-rsa") return (fields.length === 3 && fields[2]!.length > 256) || "RSA keys need 2048 bits";
  return fields.length >= 3 || "its data is damaged";
}

/** The strings of an SSH wire text (RFC 4251, 5), or `undefined` when it is cut off. */
function wireFields(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function mistaken(value: string): string | undefined {
  if (/PRIVATE KEY/.test(value)) return "this is a private key, the public one is needed";
  if (/^(SHA256:|MD5:|([0-9a-f]{2}:){15})/.test(value)) return "this is a fingerprint, the whole key is needed";
  return /[\r\n]/.test(value.trim()) ? "one key, on one line" : undefined;
}

const HOST_KEY = /^(\S+) +([A-Za-z0-9+/]+={0,2})(?: .*)?$/;

/** A host's public key, `ssh-ed25519 AAAA…`; a comment is cut off, so that equal keys have equal texts. */
export const hostKey = text({
  allowed: "be one public key in OpenSSH's form, `ssh-ed25519 AAAA…`",
  max: 4096,
  test: (value) => {
    const mistake = mistaken(value);
    if (mistake !== undefined) return mistake;
    const parts = HOST_KEY.exec(value.trim());
    return parts === null || hasControl(value.trim()) ? false : verdict(HOST_TYPES, parts[1]!, parts[2]!);
  },
  canonical: (value) => value.trim().split(/ +/).slice(0, 2).join(" "),
});

const OPTION = '[A-Za-z][A-Za-z0-9-]*(?:="(?:\\\\.|[^"\\\\])*")?';
const USER_KEY = new RegExp(
  `^(?:${OPTION}(?:,${OPTION})* +)?(${USER_TYPES.map((type) => type.replace(/\./g, "\\.")).join("|")}) +([A-Za-z0-9+/]+={0,2})(?: .*)?$`,
);

/** A line of authorized_keys, sshd(8), with or without options and comment. */
export const authorizedKey = text({
  allowed: "be one line of authorized_keys, `ssh-ed25519 AAAA… comment`",
  max: 8192,
  test: (value) => {
    const mistake = mistaken(value);
    if (mistake !== undefined) return mistake;
    const parts = hasControl(value.trim()) ? null : USER_KEY.exec(value.trim());
    return parts === null ? false : verdict(USER_TYPES, parts[1]!, parts[2]!);
  },
  canonical: (value) => value.trim(),
});

/** The key of a line of authorized_keys, `ssh-ed25519 AAAA…`: without options and comment. */
export function keyIn(line: string): string | undefined {
  const [, type, blob] = USER_KEY.exec(line.trim()) ?? [];
  return type === undefined ? undefined : `${type} ${blob}`;
}
