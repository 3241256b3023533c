import { getCiphers } from "node:crypto";
import type { Algorithms } from "ssh2";

/**
 * What a connection may be made of, best first: no SHA-1, no CBC, no RC4, no DSA, no group below 2048 bits, and no
 * compression (it lets lengths tell of contents). ssh2's own list still has SHA-1, and with it a host could be downgraded.
 * `chacha20-poly1305` and the `-etm` codes need strict key exchange against Terrapin, which ssh2 negotiates by itself.
 */
const transport = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group15-sha512",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group17-sha512",
    "diffie-hellman-group18-sha512",
  ],
  cipher: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    // Absent from an OpenSSL in FIPS mode.
    ...(getCiphers().includes("chacha20") ? ["chacha20-poly1305@openssh.com"] : []),
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
  ],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
};

/** Algorithms by which a host may prove a key of one type (RFC 8332 for RSA: never SHA-1). */
const proofs: Record<string, string[]> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

/** How hosts may prove that they have a key of one of these types; of any type when there are none. */
function proofsOf(types: string[]): string[] {
  const offered = types.flatMap((type) => proofs[type] ?? []);
  return offered.length > 0 ? [...new Set(offered)] : Object.values(proofs).flat();
}

/** The algorithms of a connection to a host with keys of these types. */
export function algorithmsFor(types: string[]): Algorithms {
  return { ...transport, serverHostKey: proofsOf(types) } as Algorithms;
}

/** What is allowed where a host and this list had nothing in common, by the words of ssh2's error. */
export function allowedIn(failure: string): string[] | undefined {
  if (/no matching key exchange/i.test(failure)) return transport.kex;
  if (/no matching host key/i.test(failure)) return Object.values(proofs).flat();
  if (/no matching \S+ cipher/i.test(failure)) return transport.cipher;
  if (/no matching \S+ MAC/i.test(failure)) return transport.hmac;
  return /no matching \S+ compression/i.test(failure) ? transport.compress : undefined;
}
