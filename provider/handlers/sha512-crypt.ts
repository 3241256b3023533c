import { createHash, randomInt, timingSafeEqual } from "node:crypto";

// SHA-crypt (https://www.akkadia.org/drepper/SHA-crypt.txt), the `$6$` form of crypt(5). The libraries on npm were
// tried first: each gave wrong hashes for some passwords (docs/dependencies.md).

const alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const rounds = 5000;

function sha512(...parts: Buffer[]): Buffer {
  const hash = createHash("sha512");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The bytes of `block` again and again, `length` in all. */
function repeated(block: Buffer, length: number): Buffer {
  return Buffer.alloc(length, block);
}

/** Steps 1 to 12: password and salt mixed by the bits of the password's length. */
function mixed(password: Buffer, salt: Buffer): Buffer {
  const alternate = sha512(password, salt, password);
  const parts = [password, salt, repeated(alternate, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? alternate : password);
  return sha512(...parts);
}

/** Steps 13 to 21. */
function stretched(password: Buffer, salt: Buffer): Buffer {
  let digest = mixed(password, salt);
  const p = repeated(sha512(...Array<Buffer>(password.length).fill(password)), password.length);
  const s = repeated(sha512(...Array<Buffer>(16 + (digest[0] ?? 0)).fill(salt)), salt.length);
  for (let round = 0; round < rounds; round += 1) {
    const odd = round % 2 === 1;
    const parts = [odd ? p : digest];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(odd ? digest : p);
    digest = sha512(...parts);
  }
  return digest;
}

/** Step 22: the digest's bytes in the order of the specification, six bits a character. */
function encoded(digest: Buffer): string {
  const byte = (index: number): number => digest[index] ?? 0;
  const characters = (value: number, count: number): string =>
    Array.from({ length: count }, (_, index) => alphabet[(value >> (6 * index)) & 63]).join("");
  let text = "";
  let triple = [0, 21, 42];
  for (let group = 0; group < 21; group += 1) {
    const [a = 0, b = 0, c = 0] = triple;
    text += characters((byte(a) << 16) | (byte(b) << 8) | byte(c), 4);
    triple = [b + 1, c + 1, a + 1];
  }
  return text + characters(byte(63), 2);
}

/** The `$6$` hash of a password; a random salt of 16 characters when none is given. */
export function sha512Crypt(password: string, salt?: string): string {
  const chosen = salt ?? Array.from({ length: 16 }, () => alphabet[randomInt(64)]).join("");
  const digest = stretched(Buffer.from(password, "utf8"), Buffer.from(chosen, "utf8"));
  return `$6$${chosen}$${encoded(digest)}`;
}

/** Whether a hash of the form that {@link sha512Crypt} makes is that of the password. */
export function isHashOf(hash: string, password: string): boolean {
  const salt = /^\$6\$([./0-9A-Za-z]{1,16})\$[./0-9A-Za-z]{86}$/.exec(hash)?.[1];
  if (salt === undefined) return false;
  return timingSafeEqual(Buffer.from(sha512Crypt(password, salt)), Buffer.from(hash));
}
