import { mkdirSync, writeFileSync } from "node:fs";
import type { ImageArgs, TarballArgs } from "../../provider/model/args";
import { imageHash } from "../../provider/model/image";
import { Draft } from "../../provider/plan/draft";
import { imageSource } from "../../provider/plan/image-source";
import type { Readable } from "node:stream";
import { Place } from "../support/run-script";

/** What the script would otherwise install. */
const packages = ["gpgv", "curl", "ca-certificates", "xz-utils", "zstd"];
const status = packages.map(
  (name) => `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n`,
);

/** A host on which images are made of archives. */
export class ImagePlace extends Place {
  constructor(etc: Record<string, string> = {}, network?: string, more?: string[]) {
    super(etc, network, more);
    mkdirSync(this.at("/var/lib/dpkg"), { recursive: true });
    writeFileSync(this.at("/var/lib/dpkg/status"), status.join(""));
  }

  /** Puts a file on the host; answers its path there. */
  put(name: string, bytes: Buffer | string): string {
    mkdirSync(this.at("/var/lib/files"), { recursive: true });
    writeFileSync(this.at(`/var/lib/files/${name}`), bytes);
    return `/var/lib/files/${name}`;
  }

  /** @param sent what is sent beside the program, and how many bytes are announced */
  make(image: Omit<TarballArgs, "kind">, sent?: { bytes: number; input: Readable }) {
    return this.makeOf({ kind: "tarball", ...image }, sent);
  }

  async makeOf(args: ImageArgs, sent?: { bytes: number; input: Readable }) {
    const draft = new Draft();
    const source = imageSource(draft, args, sent && { bytes: String(sent.bytes) });
    const step = {
      verb: "image",
      hash: imageHash(args),
      machine: "web",
      host: "0".repeat(24),
      kind: args.kind,
      source,
    } as const;
    const { texts } = draft.add(step).program(60);
    return this.run([step], texts, Date.now(), sent?.input);
  }

  /** Everything that stands among the images and the machines, but for locks. */
  async left(): Promise<string[]> {
    const find =
      "find /var/lib/pulumi-nspawn /var/lib/machines -mindepth 1 ! -name '*.lock' ! -name images 2>/dev/null | sort";
    return (await this.shell(find)).output.split("\n").filter(Boolean);
  }
}
