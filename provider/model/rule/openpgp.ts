import { type Block, dearmor } from "../openpgp";
import type { Reader } from "../read/reader";
import { text } from "../read/text";
import { hostFile, isHostFile } from "./host-file";

function armored(block: Block, allowed: string): Reader<string> {
  return text({
    allowed,
    max: 65_536,
    test: (value) => {
      const packets = dearmor(value, block);
      return typeof packets === "string" ? packets : true;
    },
    canonical: (value) => `${value.trim().replace(/\r\n/g, "\n")}\n`,
  });
}

const keys = armored(
  "PUBLIC KEY BLOCK",
  "be one armored PGP public key block, or the absolute path of a keyring on the host",
);

/** Public keys: armored text, or a keyring that lies on the host, such as those in /usr/share/keyrings. */
export const keyring: Reader<string> = (value, place) =>
  typeof value === "string" && isHostFile(value) ? hostFile(value, place) : keys(value, place);

/** A detached signature. */
export const signatureText = armored("SIGNATURE", "be one armored PGP signature, detached from what it signs");
