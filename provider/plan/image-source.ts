import type { DebootstrapArgs, ImageArgs, TarballArgs } from "../model/args";
import { imagePackages } from "../model/image";
import { dearmor } from "../model/openpgp";
import type { Draft } from "./draft";

/** Says where an image comes from, as lines of two tab-separated words; answers the name of that text. @param more words that only this program has */
export function imageSource(draft: Draft, image: ImageArgs, more: Words = {}): string {
  const words = { ...wordsOf(draft, image), ...more };
  const lines = Object.entries(words).flatMap(([name, value]) => (value === undefined ? [] : `${name}\t${value}\n`));
  return draft.text(lines.join(""));
}

type Words = Record<string, string | undefined>;

function wordsOf(draft: Draft, image: ImageArgs): Words {
  if (image.kind === "tarball") return tarball(draft, image);
  if (image.kind === "published") return { name: image.name, version: image.version };
  return image.kind === "directory" ? { path: image.path } : debootstrap(draft, image);
}

function debootstrap(draft: Draft, image: DebootstrapArgs): Words {
  const { suite, mirror, variant } = image;
  const packages = draft.text(`${imagePackages(image).join("\n")}\n`);
  return { suite, mirror, variant, packages, ...keyring(draft, image.keyring) };
}

function tarball(draft: Draft, image: TarballArgs): Words {
  const { url, path, localPath, sha256, signature, allowPrivate } = image;
  return {
    url,
    path,
    local: localPath,
    sha256,
    private: allowPrivate === true ? "yes" : "no",
    "signature-text": signature?.text && draft.text(signature.text),
    "signature-url": signature?.url,
    ...keyring(draft, signature?.keyring),
  };
}

/** gpgv reads binary keyrings only: armored keys travel as the base64 text of their packets. */
function keyring(draft: Draft, given: string | undefined): Words {
  if (given === undefined) return {};
  if (given.startsWith("/")) return { "keyring-file": given };
  const packets = dearmor(given, "PUBLIC KEY BLOCK");
  if (typeof packets === "string") throw new Error(`not a keyring: ${packets}`);
  return { "keyring-text": draft.text(`${packets.toString("base64")}\n`) };
}
